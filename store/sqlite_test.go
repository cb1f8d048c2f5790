package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/conform"
	"github.com/trellis-nas/trellis/store"
)

var ctx = context.Background()

// journalAt makes a journal of the given events at a path, and closes it.
func journalAt(t *testing.T, path string, events ...store.Event) {
	t.Helper()
	j, err := store.CreateSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(ctx, events...); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// execute changes a database behind the back of the store.
func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAClosedJournalIsOneFileWhateverItsName(t *testing.T) {
	for _, name := range []string{"study.db", "a b%20?#&=é.journal", "-wal"} {
		folder := t.TempDir()
		journalAt(t, filepath.Join(folder, name), conform.Events(t)...)
		if got := files(t, folder); !slices.Equal(got, []string{name}) {
			t.Errorf("beside %q are %q", name, got)
		}
	}
}

func TestAClosedJournalNeedsNoLogToBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.db")
	j, err := store.CreateSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(ctx, conform.Events(t)...); err != nil {
		t.Fatal(err)
	}
	for range j.Events(ctx, 0) { // with a second connection open at the same time
		if _, err := j.Spooled(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	head, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const rollback = 1 // bytes 18 and 19 of an SQLite file; 2 is a write-ahead log
	if head[18] != rollback || head[19] != rollback {
		t.Errorf("the versions of a closed journal are %d and %d", head[18], head[19])
	}
}

func TestARelativePathIsOfTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	journalAt(t, "study.db", conform.Events(t)[0])
	if got := files(t, "."); !slices.Equal(got, []string{"study.db"}) {
		t.Errorf("in the working folder are %q", got)
	}
}

func TestAFileThatIsNoJournalIsRefusedAndLeftAlone(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(folder, "foreign.db")
	execute(t, foreign, "CREATE TABLE x (y)")
	older := filepath.Join(folder, "older.db")
	journalAt(t, older)
	execute(t, older, "PRAGMA user_version=1")
	newer := filepath.Join(folder, "newer.db")
	journalAt(t, newer)
	execute(t, newer, "PRAGMA user_version=3")
	torn := filepath.Join(folder, "torn.db")
	journalAt(t, torn, conform.Events(t)...)
	whole, err := os.ReadFile(torn)
	if err != nil {
		t.Fatal(err)
	}
	write("torn.db", string(whole[:len(whole)/2]))
	gap := filepath.Join(folder, "gap.db")
	journalAt(t, gap, conform.Events(t)...)
	execute(t, gap, "DELETE FROM event WHERE seq = 3")
	half := write("half.db", "SQLite format 3\x00 and then nothing")

	before := files(t, folder)
	for _, c := range []struct {
		path, message string
		is            error
	}{
		{write("study.yaml", "trellis: 1\n"), "study.yaml is not a trellis journal", store.ErrNotJournal},
		{write("empty.db", ""), "empty.db is not a trellis journal", store.ErrNotJournal},
		{folder, "is not a trellis journal", store.ErrNotJournal},
		{foreign, "foreign.db is not a trellis journal but a database of another program", store.ErrNotJournal},
		{newer, "newer.db is a journal of a newer version of trellis: its format is 3 and this version reads 2", store.ErrNewer},
		{older, "older.db is a journal of an older version of trellis: its format is 1 and this version reads 2; run its study again", store.ErrOlder},
		{torn, "torn.db is damaged", store.ErrDamaged},
		{gap, "gap.db is damaged: it has 17 events and the last is number 18", store.ErrDamaged},
		{half, "half.db is not a trellis journal", store.ErrNotJournal},
		{filepath.Join(folder, "none.db"), "no such file", fs.ErrNotExist},
	} {
		for name, open := range map[string]func(context.Context, string) (*store.SQLite, error){"Open": store.OpenSQLite, "Read": store.ReadSQLite} {
			j, err := open(ctx, c.path)
			if err == nil {
				j.Close()
			}
			if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.message) {
				t.Errorf("%s says %v, and should say %q", name, err, c.message)
			}
		}
	}
	after := slices.DeleteFunc(files(t, folder), func(name string) bool { return name == "study.yaml" || name == "empty.db" })
	if !slices.Equal(before, after) {
		t.Errorf("after the refusals there are %q, before there were %q", after, before)
	}
}

func TestAnExistingFileIsNeverOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.db")
	journalAt(t, path, conform.Events(t)...)
	if _, err := store.CreateSQLite(ctx, path); !errors.Is(err, store.ErrExists) || !strings.Contains(err.Error(), "study.db already exists") {
		t.Errorf("the error is %v", err)
	}
	j, err := store.OpenSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if h, err := store.Load(ctx, j); err != nil || !h.Ended {
		t.Errorf("the journal that was there has ended: %v, %v", h.Ended, err)
	}
}

func TestAJournalThatCannotBeCreatedSaysSo(t *testing.T) {
	if _, err := store.CreateSQLite(ctx, filepath.Join(t.TempDir(), "no", "study.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the error is %v", err)
	}
}

func TestWhatAnInterruptedCreationLeftIsInNobodysWay(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "study.db")
	for _, name := range []string{path + "-new", path + "-lock"} {
		if err := os.WriteFile(name, []byte("left over"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	journalAt(t, path, conform.Events(t)...)
	if got := files(t, folder); !slices.Equal(got, []string{"study.db"}) {
		t.Errorf("in the folder are %q", got)
	}
}

func TestOneProcessWritesAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.db")
	j, err := store.CreateSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenSQLite(ctx, path); !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "study.db is in use by another process (process ") {
		t.Errorf("the error is %v", err)
	}
	if err := j.Append(ctx, conform.Events(t)[0]); err != nil {
		t.Errorf("after another tried to open it: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, err = store.OpenSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Append(ctx, conform.Events(t)[1]); err != nil {
		t.Error(err)
	}
	j.Close()
}

func TestAReaderCannotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "study.db")
	journalAt(t, path, conform.Events(t)[0])
	j, err := store.ReadSQLite(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Append(ctx, conform.Events(t)[1]); err == nil || !strings.Contains(err.Error(), "opened for reading only") {
		t.Errorf("the error is %v", err)
	}
}

func TestARowThatDoesNotReadIsNamed(t *testing.T) {
	for _, c := range []struct{ statement, message string }{
		{"UPDATE event SET kind = 'trial-dreamt' WHERE seq = 4", `event 4 of the journal does not read (unknown kind "trial-dreamt")`},
		{"UPDATE event SET body = '{' WHERE seq = 2", "event 2 of the journal does not read (unexpected end of JSON input)"},
	} {
		path := filepath.Join(t.TempDir(), "study.db")
		journalAt(t, path, conform.Events(t)...)
		execute(t, path, c.statement)
		j, err := store.ReadSQLite(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Load(ctx, j); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("the error is %v and should say %q", err, c.message)
		}
		j.Close()
	}
}

func TestTheDocumentNamesEveryColumnAndKind(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "formats", "journal.md"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "study.db")
	journalAt(t, path)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	words := map[string]bool{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		words[table], words[column] = true, true
	}
	if err := rows.Err(); err != nil || len(words) != 13 {
		t.Fatalf("the tables and columns are %v, %v", words, err)
	}
	for _, e := range conform.Events(t) {
		words[e.Body.Kind()] = true
		content, err := store.Content(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		var body any
		if err := json.Unmarshal(content, &body); err != nil {
			t.Fatal(err)
		}
		keys(body, words)
	}
	if len(words) < 60 {
		t.Errorf("only %d words are looked for", len(words))
	}
	for word := range words {
		if !strings.Contains(string(text), "`"+word+"`") && !strings.Contains(string(text), "`trial."+word+"`") && !strings.Contains(string(text), `"`+word+`"`) {
			t.Errorf("the document of the format does not name `%s`", word)
		}
	}
}

// keys adds the keys of all objects in a JSON value, but not the names of metrics and what a tester left.
func keys(v any, words map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			keys(x, words)
		}
	case map[string]any:
		for key, x := range v {
			words[key] = true
			if key != "metrics" && key != "detail" {
				keys(x, words)
			}
		}
	}
}
