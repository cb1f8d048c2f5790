// Package report presents what a study found and why: a Summary in numbers, the text and the picture of an explanation (package explain), and
// one self-contained HTML file with its pictures.
//
// Everything comes from the journal's History, so a report can be made of a running study, of a finished one, and on
// another machine. Nothing here decides anything: where a best network is named, it was chosen on validation, and the
// figures of the test set stand beside it.
package report
