//! Looking at a photo before it is kept: whether anybody could ever see it.

use std::io::Cursor;

use image::{ImageDecoder, ImageFormat, ImageReader, Limits};
use rollcall_core::directory::PhotoType;
use tokio::sync::Semaphore;

/// Bytes of a photo.
pub(crate) const BYTES_MOST: usize = 10 * 1024 * 1024;
/// Pixels on a side.
const SIDE_MOST: u32 = 16_384;
/// Pixels in all; telephones make pictures of fifty million.
const PIXELS_MOST: u64 = 64_000_000;
/// Bytes of memory for one photo; of the largest, with sixteen bits a colour, it is somewhat more than half.
const MEMORY_MOST: u64 = 768 * 1024 * 1024;
/// Photos decoded at one time.
static DECODING: Semaphore = Semaphore::const_new(1);

/// Why a photo is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PhotoError {
    /// Neither JPEG nor PNG.
    #[error("a photo is a JPEG or PNG")]
    Format,
    /// Too many pixels.
    #[error("a photo has at most {SIDE_MOST} pixels on a side and {} million in all", PIXELS_MOST / 1_000_000)]
    TooLarge,
    /// It cannot be decoded.
    #[error("the photo cannot be decoded: {0}")]
    Broken(#[source] image::ImageError),
    /// Decoding it did not end well.
    #[error("the photo cannot be decoded")]
    Failed,
}

/// Decodes a photo whole and says what it is. The bytes decide, not what they are called.
pub(crate) async fn look(bytes: bytes::Bytes) -> Result<PhotoType, PhotoError> {
    // Nobody closes it.
    let _turn = DECODING.acquire().await.map_err(|_| PhotoError::Failed)?;
    let decoded = tokio::task::spawn_blocking(move || decode(&bytes)).await;
    decoded.map_err(|_| PhotoError::Failed)?
}

fn decode(bytes: &[u8]) -> Result<PhotoType, PhotoError> {
    let (format, kind) = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => (ImageFormat::Jpeg, PhotoType::Jpeg),
        Ok(ImageFormat::Png) => (ImageFormat::Png, PhotoType::Png),
        _ => return Err(PhotoError::Format),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MOST);
    limits.max_image_height = Some(SIDE_MOST);
    limits.max_alloc = Some(MEMORY_MOST);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let refused = |error| match error {
        image::ImageError::Limits(_) => PhotoError::TooLarge,
        error => PhotoError::Broken(error),
    };
    let decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MOST {
        return Err(PhotoError::TooLarge);
    }
    image::DynamicImage::from_decoder(decoder).map_err(refused)?;
    Ok(kind)
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageError};

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        DynamicImage::new_rgb8(width, height).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    #[test]
    fn directory_2_1_a_photo_is_what_can_be_decoded() {
        let (jpeg, png) = (encoded(40, 30, ImageFormat::Jpeg), encoded(40, 30, ImageFormat::Png));
        assert_eq!(decode(&jpeg).unwrap(), PhotoType::Jpeg);
        assert_eq!(decode(&png).unwrap(), PhotoType::Png);
        let unreadable = [
            &b""[..],
            b"hello",
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
            b"\xff\xd8\xff\xe0 and nothing more",
            &png[..png.len() / 2],
            &jpeg[..40],
        ];
        for bytes in unreadable {
            assert!(decode(bytes).is_err(), "{} bytes", bytes.len());
        }
    }

    #[test]
    fn a_photo_of_too_many_pixels_is_refused_before_it_is_unpacked() {
        // A head that promises more than the rest holds: nobody may believe it and get the memory.
        let mut png = encoded(1, 1, ImageFormat::Png);
        png[16..24].copy_from_slice(&[0, 0, 0x3f, 0xff, 0, 0, 0x3f, 0xff]);
        let error = decode(&png).unwrap_err();
        assert!(
            matches!(error, PhotoError::TooLarge | PhotoError::Broken(ImageError::Decoding(_))),
            "{error}"
        );
        let wide = encoded(SIDE_MOST + 1, 1, ImageFormat::Png);
        assert!(matches!(decode(&wide).unwrap_err(), PhotoError::TooLarge));
    }
}
