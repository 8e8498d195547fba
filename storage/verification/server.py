"""What a PostgreSQL server says of itself: settings and rights that would tell more than the tables do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.verification.findings import Check, Finding, Group, unseen
from storage.verification.reading import Stored

_SETTINGS = Check(
    group=Group.FILES,
    name="server settings",
    fine="the server keeps no times of changes, writes no statements down, and obeys the ledger's triggers.",
    remedy="Change the setting back, for this database at least, and have the server's log of that time deleted.",
)
_RIGHTS = Check(
    group=Group.FILES,
    name="rights",
    fine="no role but the owner was given the tables.",
    remedy="Take the right away: REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC.",
)
_WATCHERS = ("auto_explain", "pgaudit", "pg_stat_statements")

_NAMES = (
    "track_commit_timestamp", "log_statement", "log_min_duration_statement", "session_replication_role",
    "shared_preload_libraries", "archive_mode", "wal_level",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """What a server says about itself."""

    settings: Mapping[str, str]
    granted: Sequence[str]  # roles besides the owner that may read tables; "PUBLIC" for everybody
    superuser: bool  # whether this very account may do anything
    streamed: Sequence[str]  # publications, by which changes are sent elsewhere
    extensions: Sequence[str]


def read_server(stored: Stored) -> Server:
    """Ask a PostgreSQL server about itself."""
    settings = stored.rows("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)", names=list(_NAMES))
    granted = stored.rows(
        """
        SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.grantee <> c.relowner ORDER BY 1
        """
    )
    ((superuser,),) = stored.rows("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return Server(
        settings=dict(map(tuple, settings)),
        granted=[role for (role,) in granted],
        superuser=superuser,
        streamed=[name for (name,) in stored.rows("SELECT pubname FROM pg_publication ORDER BY 1")],
        extensions=[
            name for (name,) in stored.rows("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")
        ],
    )


def check_server(server: Server) -> Iterator[Finding]:
    """What is wrong with the server, or that nothing is."""
    yield from _SETTINGS.judge(list(_telling(server.settings)))
    yield from _RIGHTS.judge(
        ["everybody who can log in to the database may read its tables."] if "PUBLIC" in server.granted else []
    )
    if roles := [role for role in server.granted if role != "PUBLIC"]:
        yield _RIGHTS.note(f"besides the owner, these roles may use tables: {', '.join(roles)}.")
    if server.superuser:
        yield _RIGHTS.note("this account may do anything on the server; Murmur needs no more than its own database.")
    yield from _worth_knowing(server)
    yield unseen(
        "server files",
        "the server's own files, its log and its backups, which SQL does not show. Of ballots they hold sealed bytes,"
        " whose key is destroyed when a round closes.",
    )


def _telling(settings: Mapping[str, str]) -> Iterator[str]:
    if settings.get("track_commit_timestamp") == "on":
        yield "the server keeps the time of every change (track_commit_timestamp)."
    if settings.get("log_statement") in ("mod", "all"):
        yield f"the server writes down every change with its time (log_statement = {settings['log_statement']})."
    if settings.get("log_min_duration_statement") == "0":
        yield "the server writes down every statement with its time (log_min_duration_statement = 0)."
    if settings.get("session_replication_role", "origin") != "origin":
        yield "the server passes over triggers, so the ledger can be changed (session_replication_role)."


def _worth_knowing(server: Server) -> Iterator[Finding]:
    watching = [name for name in _WATCHERS if name in server.settings.get("shared_preload_libraries", "")]
    if watching:
        yield _SETTINGS.note(f"{', '.join(watching)} can write down what is asked of the database, and when.")
    if server.settings.get("archive_mode", "off") != "off":
        yield _SETTINGS.note(
            "the server archives its log: there are copies of sealed ballots there, until it is deleted."
        )
    if server.streamed:
        yield _SETTINGS.note(f"changes are sent to other servers ({', '.join(server.streamed)}): verify those, too.")
    if server.extensions:
        yield _SETTINGS.note(f"extensions are installed that Murmur does not need: {', '.join(server.extensions)}.")
