package files_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/internal/files"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFileThatCannotBeReadSaysWhatItShouldBeAndWhyNot(t *testing.T) {
	folder := t.TempDir()
	text := strings.Repeat("one line\n", 1000)
	whole := packed(t, text)
	all := map[string][]byte{"plain": []byte(text), "whole.gz": whole, "half.gz": whole[:len(whole)-9], "none.gz": nil, "plain.gz": []byte(text)}
	for name, content := range all {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		most int64
		want string
	}{
		{"plain", 10, ""},
		{"whole.gz", int64(len(text)), ""},
		{"whole.gz", int64(len(text)) - 1, "PATH cannot be unpacked: it holds more than 8999 bytes"},
		{"half.gz", 1 << 20, "PATH is cut short: its packed text has no end"},
		{"none.gz", 1 << 20, "PATH is not packed by gzip, which its name promises"},
		{"plain.gz", 1 << 20, "PATH is not packed by gzip, which its name promises"},
		{"absent", 1 << 20, "there is no table PATH"},
		{"", 1 << 20, "PATH is a folder, want a table"},
	} {
		path := filepath.Join(folder, c.name)
		got, err := files.ReadPacked(path, "table", c.most)
		switch want := strings.ReplaceAll(c.want, "PATH", path); {
		case want == "" && (err != nil || string(got) != text):
			t.Errorf("%s: %d bytes, %v", c.name, len(got), err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%s: %v\nwant %s", c.name, err, want)
		}
	}
}
