"""The stand-in Slack: a local server that speaks Slack's Web API and Socket Mode strictly enough to develop,
test and show Murmur without an account.

`server.Sandbox` runs it, `client.SandboxClient` acts as the people in it.
"""
