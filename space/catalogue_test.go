package space_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/trellis-nas/trellis/space"
)

func ExampleCatalogue() {
	for _, b := range space.Catalogue() {
		if b.Name != "nb201" {
			continue
		}
		fmt.Println(b.Help)
		for _, o := range b.Options {
			fmt.Printf("%s (%s, default %s): %s\n", o.Name, o.Kind, o.Default, o.Help)
		}
	}
	// Output:
	// NAS-Bench-201: a cell of six edges with five operations (Dong & Yang 2020)
	// name (text, default nb201): of the space
	// input (shape, default 32x32x3): height x width x channels of a sample
	// classes (whole number, default 10): of the classifier
	// channels (whole number, default 16): channels of the stem and the first stage; each further stage has twice as many
	// cells (whole number, default 5): cells in each of the three stages
}

func TestTheCatalogueIsSortedAndSaysWhatEverythingIs(t *testing.T) {
	if names := space.BuiltIns(); !slices.IsSorted(names) || len(names) == 0 {
		t.Errorf("the names are %v", names)
	}
	for _, b := range space.Catalogue() {
		for _, o := range b.Options {
			for _, f := range append(o.Fields, o) {
				if f.Help == "" || f.Kind == "" || strings.Contains(f.Help+f.Range, "\n") {
					t.Errorf("%s: option %s is described as %+v", b.Name, o.Name, f)
				}
			}
		}
	}
}

// A default that is written like a value gives the same space when it is given.
func TestTheDefaultsOfTheCatalogueAreThoseOfTheSpaces(t *testing.T) {
	given := 0
	for _, b := range space.Catalogue() {
		plain := made(t)(space.Open(b.Name, nil))
		for _, o := range b.Options {
			if !strings.HasPrefix(o.Kind, "list of stages") && o.Default != "" && !strings.Contains(o.Default, "the width of") && o.Kind != "nodes by label" {
				if s := made(t)(space.Open(b.Name, space.Params{o.Name: o.Default})); s.YAML() != plain.YAML() {
					t.Errorf("%s: %s %s, said to be the default, is another space", b.Name, o.Name, o.Default)
				}
				given++
			}
		}
	}
	if given < 40 {
		t.Errorf("only %d defaults were given", given)
	}
}

func TestTheRangesOfTheCatalogueAreThoseOfTheSpaces(t *testing.T) {
	for _, b := range space.Catalogue() {
		for _, o := range b.Options {
			var least, most int
			if n, _ := fmt.Sscanf(o.Range, "%d to %d", &least, &most); o.Kind != "whole number" || n != 2 {
				continue
			}
			for _, v := range []int{least - 1, most + 1} {
				if _, err := space.Open(b.Name, space.Params{o.Name: fmt.Sprint(v)}); err == nil {
					t.Errorf("%s: %s %d is taken, outside of %s", b.Name, o.Name, v, o.Range)
				}
			}
		}
	}
}

func TestTheDocumentOfSpaceFilesNamesAllOptions(t *testing.T) {
	text, err := os.ReadFile("../docs/formats/space-file.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range space.Catalogue() {
		_, section, found := strings.Cut(string(text), "### `"+b.Name+"`")
		section, _, _ = strings.Cut(section, "\n### ")
		if !found {
			t.Errorf("there is no section about %s", b.Name)
		}
		for _, o := range b.Options[3:] { // behind the ones that all have
			if !strings.Contains(section, "`"+o.Name+"`") {
				t.Errorf("the section about %s does not name option %s", b.Name, o.Name)
			}
		}
	}
}
