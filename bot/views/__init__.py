"""Values in, Slack blocks out: one module a surface. Views import no storage and no Bolt."""
