"""The demonstration: a made-up company in the browser, asked by a real Murmur, and rehearsals with one's own people."""
