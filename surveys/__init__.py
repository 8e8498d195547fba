"""What Murmur decides: values in, values out. No Slack, no database, no clock."""
