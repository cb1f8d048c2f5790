package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trellis-nas/trellis/draw"
	"github.com/trellis-nas/trellis/internal/files"
	"github.com/trellis-nas/trellis/internal/terminal"
)

// pictureFlag says where to draw to. Without a file nothing is drawn.
type pictureFlag struct{ file string }

func (f *pictureFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "out", "", "also draw it to this `file`, .svg or .png")
	cmd.MarkFlagFilename("out", "svg", "png")
}

// check refuses a name that is no picture's, before anything is computed.
func (f *pictureFlag) check() error {
	switch {
	case f.file == "":
		return nil
	case f.is(".svg") || f.is(".png"):
		return needFolder(f.file)
	}
	return terminal.Mistakef("--out %s: want a name that ends in .svg or .png", f.file)
}

func (f *pictureFlag) is(ending string) bool { return strings.ToLower(filepath.Ext(f.file)) == ending }

func (f *pictureFlag) write(content []byte) error {
	return files.Write(f.file, content)
}

// needFolder checks that there is a folder for the file of --out, and none in its place, before anything is computed.
func needFolder(file string) error {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return terminal.Mistakef("--out %s: it is a folder, want a file", file)
	}
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return terminal.Mistakef("--out %s: there is no folder %s", file, filepath.Dir(file))
	}
	return nil
}

// needPlace checks that the folder of --out may be one, before anything is computed.
func needPlace(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case folder == "" || errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return terminal.Mistakef("--out %s: %w", folder, err)
	case !info.IsDir():
		return terminal.Mistakef("--out %s: it is a file, want a folder", folder)
	}
	return nil
}

// chart draws a chart if there is a file to draw to.
func (f *pictureFlag) chart(make func() (draw.Picture, error)) error {
	if f.file == "" {
		return nil
	}
	p, err := make()
	if err != nil {
		return err
	}
	if f.is(".png") {
		return f.write(p.PNG)
	}
	return f.write(p.SVG)
}
