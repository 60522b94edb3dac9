-- Head office's copy of the branches' audit logs.
--
-- Rows are partitioned by branch, the column Citus would distribute by, and
-- (branch, seq) is the primary key: a row exists once or the insert fails.
-- Names of branches compare as bytes, whatever the database's language.
-- All writing goes through the functions of 20-sink.sql.
\set ON_ERROR_STOP on
BEGIN;

CREATE SCHEMA dasi;

-- Who may ship, registered by hand with dasi.branch_add().
CREATE TABLE dasi.branch (
	branch       text COLLATE "C" PRIMARY KEY
	             CHECK (octet_length(branch) BETWEEN 1 AND 64),
	origin       text NOT NULL UNIQUE,	-- first line of its checkpoints
	log_key      text NOT NULL,		-- name+id+base64, who signs them
	login        name NOT NULL UNIQUE,	-- the PostgreSQL role it comes as
	silent_after interval NOT NULL DEFAULT '15 minutes'
);

-- What is known of it.  The row lock of this row orders all that a branch
-- does; `size` and `last_hash` are what the next row must continue.
CREATE TABLE dasi.branch_state (
	branch          text COLLATE "C" PRIMARY KEY REFERENCES dasi.branch,
	size            bigint NOT NULL DEFAULT 0 CHECK (size >= 0),
	last_hash       bytea  NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
	                CHECK (octet_length(last_hash) = 32),
	checkpoint_size bigint NOT NULL DEFAULT 0,	-- newest, as signed
	checkpoint_root bytea  NOT NULL DEFAULT '',
	checkpoint_note text   NOT NULL DEFAULT '',
	cosigned_size   bigint NOT NULL DEFAULT 0,	-- newest, cosigned
	cosigned_note   text   NOT NULL DEFAULT '',
	frontier        bytea  NOT NULL DEFAULT '',	-- of the cosigned tree
	last_seen       timestamptz,			-- any word
	last_row        timestamptz			-- a new row
) WITH (fillfactor = 50);

CREATE TABLE dasi.audit_row (
	branch      text   COLLATE "C" NOT NULL,
	seq         bigint NOT NULL,
	"row"       bytea  NOT NULL,
	hash        bytea  NOT NULL,
	received_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (branch, seq)
) PARTITION BY HASH (branch);

DO $$
BEGIN
	FOR i IN 0..15 LOOP
		EXECUTE format('CREATE TABLE dasi.audit_row_%s PARTITION OF '
		    'dasi.audit_row FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
		    to_char(i, 'FM00'), i);
		-- rows are random bytes and hashes: compressing them only costs
		EXECUTE format('ALTER TABLE dasi.audit_row_%s ALTER "row" '
		    'SET STORAGE EXTERNAL', to_char(i, 'FM00'));
	END LOOP;
END $$;
-- Rows arrive in time order, so a block index finds a day.
CREATE INDEX ON dasi.audit_row USING brin (received_at);

-- What a branch said that contradicts what is held here.  Kinds:
--   fork       two rows, or two checkpoints, for one place
--   rollback   the branch has less than it had
--   signature  a checkpoint that its key did not sign
--   root       a signed checkpoint that its rows do not lead to
CREATE TABLE dasi.finding (
	branch     text   COLLATE "C" NOT NULL REFERENCES dasi.branch,
	kind       text   NOT NULL
	           CHECK (kind IN ('fork', 'rollback', 'signature', 'root')),
	seq        bigint NOT NULL,
	ours       bytea  NOT NULL,
	theirs     bytea  NOT NULL,
	evidence   bytea  NOT NULL DEFAULT '',	-- the row or note as sent
	first_seen timestamptz NOT NULL DEFAULT now(),
	last_seen  timestamptz NOT NULL DEFAULT now(),
	times      bigint NOT NULL DEFAULT 1,
	PRIMARY KEY (branch, kind, seq, theirs)
);

COMMIT;
