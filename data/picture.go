package data

import (
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // image.Decode reads .jpg files
	_ "image/png"  // image.Decode reads .png files
	"os"

	"golang.org/x/image/draw"
)

// maxPicture is the most pixels that one image file may have before it is scaled: a broken header must not fill the memory.
const maxPicture = 1 << 25

// commonShape returns the shape that all files have, or are scaled to. Without a wish for channels, images are grey if
// every file is.
func commonShape(files []imageFile, resize Shape) (Shape, error) {
	if (resize.H < 0 || resize.W < 0) || (resize.H == 0) != (resize.W == 0) || resize.H > maxSide || resize.W > maxSide {
		return Shape{}, fmt.Errorf("images cannot be resized to %d by %d pixels: want 1 to %d, or both 0 to keep them", resize.H, resize.W, maxSide)
	}
	if resize.C != 0 && resize.C != 1 && resize.C != 3 {
		return Shape{}, fmt.Errorf("images cannot be resized to %d channels: want 1 (grey), 3 (colour) or 0 to keep them", resize.C)
	}
	common := Shape{resize.H, resize.W, resize.C}
	if resize.C == 0 {
		common.C = 1
	}
	for i, file := range files {
		config, err := decodeConfig(file.path)
		if err != nil {
			return Shape{}, err
		}
		if resize.C == 0 && config.ColorModel != color.GrayModel && config.ColorModel != color.Gray16Model {
			common.C = 3
		}
		if resize.H > 0 {
			continue
		}
		if i == 0 {
			common.H, common.W = config.Height, config.Width
		}
		if config.Height != common.H || config.Width != common.W {
			return Shape{}, fmt.Errorf("%s: is %dx%d pixels, but %s is %dx%d: all images must have one size, or be resized to one", file.path, config.Height, config.Width, files[0].path, common.H, common.W)
		}
	}
	if int64(len(files)) > maxBytes/int64(common.Len()) {
		return Shape{}, fmt.Errorf("%d images of %v are more than the %d bytes that one dataset may have", len(files), common, int64(maxBytes))
	}
	return common, nil
}

func decodeConfig(path string) (image.Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return image.Config{}, err
	}
	defer f.Close()
	config, _, err := image.DecodeConfig(f)
	if err != nil {
		return image.Config{}, fmt.Errorf("%s: is not a readable image: %w", path, err)
	}
	if config.Width < 1 || config.Height < 1 || int64(config.Width)*int64(config.Height) > maxPicture {
		return image.Config{}, fmt.Errorf("%s: claims to be %dx%d pixels, want at least one and at most %d of them", path, config.Height, config.Width, maxPicture)
	}
	return config, nil
}

func decodeSet(files []imageFile, shape Shape, classes []string) (*Set, error) {
	pixels, labels := make([]uint8, 0, len(files)*shape.Len()), make([]uint16, len(files))
	for i, file := range files {
		picture, err := decode(file.path)
		if err != nil {
			return nil, err
		}
		pixels, labels[i] = appendPixels(pixels, picture, shape), file.label
	}
	return NewSet(shape, classes, pixels, labels)
}

func decode(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: is not a readable image: %w", path, err)
	}
	return picture, nil
}

// appendPixels appends the picture scaled to the shape (Catmull-Rom, averaging when it shrinks). Transparent parts show
// black. Grey is the luma of the standard library (ITU-R BT.601).
func appendPixels(pixels []uint8, picture image.Image, shape Shape) []uint8 {
	window := image.Rect(0, 0, shape.W, shape.H)
	scaled := image.NewRGBA(window)
	if picture.Bounds().Size() == window.Size() {
		draw.Draw(scaled, window, picture, picture.Bounds().Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(scaled, window, picture, picture.Bounds(), draw.Src, nil)
	}
	for at := 0; at < len(scaled.Pix); at += 4 {
		r, g, b := scaled.Pix[at], scaled.Pix[at+1], scaled.Pix[at+2]
		if shape.C == 3 {
			pixels = append(pixels, r, g, b)
		} else {
			pixels = append(pixels, color.GrayModel.Convert(color.RGBA{r, g, b, 255}).(color.Gray).Y)
		}
	}
	return pixels
}
