package published_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/trellis-nas/trellis/internal/published"
)

func TestTheRootOfTheModuleHasItsPackages(t *testing.T) {
	if info, err := os.Stat(filepath.Join(published.Root(t), "internal", "published")); err != nil || !info.IsDir() {
		t.Errorf("the root is %s: %v", published.Root(t), err)
	}
}

func TestATestWithoutItsDataIsSkippedAndWithItGoesOn(t *testing.T) {
	missing, present := true, false
	t.Run("missing", func(t *testing.T) {
		published.Data(t, "no such data")
		missing = false
	})
	t.Run("present", func(t *testing.T) {
		path := published.Data(t, "nas")
		_, err := os.Stat(path)
		present = err == nil
		if !present {
			t.Errorf("there is no %s: %v", path, err)
		}
	})
	if !missing {
		t.Error("a test went on without its data")
	}
}
