package data

// Kind is a sort of source that Open can read.
type Kind string

// The kinds of source.
const (
	IDX      Kind = "idx"      // the files of the MNIST family
	CIFAR10  Kind = "cifar10"  // the binary version of CIFAR-10
	CIFAR100 Kind = "cifar100" // the binary version of CIFAR-100
	Folder   Kind = "folder"   // one folder of image files a class
	Glyphs   Kind = "glyphs"   // letters and digits rendered on the spot
	Own      Kind = "own"      // made by NewDataset; Open does not read it
)

// Entry describes a kind of source in one line, for people.
type Entry struct {
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
	Files string `json:"files"` // what Open looks for; empty for what needs no files
}

// List returns all kinds of source that Open can read, in the order in which it tries them.
func List() []Entry {
	return []Entry{
		{Glyphs, "letters and digits rendered from the Go fonts; whole typefaces held out for validation and test", ""},
		{IDX, "MNIST, Fashion-MNIST, KMNIST, EMNIST and others in the IDX format", "train-images-idx3-ubyte[.gz], train-labels-idx1-ubyte[.gz], t10k-…"},
		{CIFAR10, "CIFAR-10, binary version", "data_batch_1.bin[.gz] …, test_batch.bin[.gz], batches.meta.txt"},
		{CIFAR100, "CIFAR-100, binary version, 100 fine or 20 coarse classes", "train.bin[.gz], test.bin[.gz], fine_label_names.txt, coarse_label_names.txt"},
		{Folder, "image files, one folder a class, optionally under train/, validation/ and test/", "CLASS/*.png, CLASS/*.jpg"},
	}
}
