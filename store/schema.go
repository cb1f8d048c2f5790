package store

// The journal file, format 2. docs/formats/journal.md documents every column.
const (
	applicationID = 0x54524c53 // "TRLS", in the header of the SQLite file
	formatVersion = 2          // the SQLite user_version
)

// The body of an event is what two runs of a study have in common; the other columns are not. trial is there to find
// the events of a trial without reading bodies.
const schema = `
CREATE TABLE event (
	seq          INTEGER PRIMARY KEY,
	kind         TEXT    NOT NULL,
	trial        INTEGER,
	body         TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	elapsed      INTEGER NOT NULL,
	worker       TEXT    NOT NULL,
	attempt      INTEGER NOT NULL,
	cpu_seconds  REAL    NOT NULL,
	gpu_seconds  REAL    NOT NULL,
	wall_seconds REAL    NOT NULL
) STRICT;
CREATE INDEX event_trial ON event (trial) WHERE trial IS NOT NULL;
CREATE TABLE early (
	trial        INTEGER PRIMARY KEY,
	kind         TEXT    NOT NULL,
	body         TEXT    NOT NULL,
	at           INTEGER NOT NULL,
	elapsed      INTEGER NOT NULL,
	worker       TEXT    NOT NULL,
	attempt      INTEGER NOT NULL,
	cpu_seconds  REAL    NOT NULL,
	gpu_seconds  REAL    NOT NULL,
	wall_seconds REAL    NOT NULL
) STRICT;
`
