package data

import (
	"fmt"
	"os"
	"strings"
)

// classFile is an optional file with the names of the classes, one a line, beside data whose format has none.
const classFile = "classes.txt"

// readClassNames reads one name a line; blank lines at the end are ignored.
func readClassNames(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot be opened: %w", path, err)
	}
	lines := strings.Split(strings.TrimRight(string(text), " \t\r\n"), "\n")
	seen := map[string]int{}
	for i, line := range lines {
		name := strings.TrimSpace(line)
		if name == "" {
			return nil, fmt.Errorf("%s: line %d is blank, want the name of a class", path, i+1)
		}
		if first, twice := seen[name]; twice {
			return nil, fmt.Errorf("%s: line %d repeats the class %q of line %d", path, i+1, name, first)
		}
		seen[name], lines[i] = i+1, name
	}
	return lines, nil
}

func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint(i)
	}
	return names
}

// fashionLabels is the SHA-256 of the 60,000 training labels of Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017), whose
// files say nothing of its class names.
const fashionLabels = "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7"

func fashionClasses() []string {
	return []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}
}
