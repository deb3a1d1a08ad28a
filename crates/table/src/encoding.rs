//! Which bytes mean which characters: the encodings, and how one is found out.

use std::fmt;
use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::ReadError;
use crate::visit::Watch;

/// A character encoding of the WHATWG Encoding Standard. Written as its name there.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);
    pub const UTF_16LE: Self = Self(encoding_rs::UTF_16LE);
    pub const UTF_16BE: Self = Self(encoding_rs::UTF_16BE);
    pub const WINDOWS_1252: Self = Self(encoding_rs::WINDOWS_1252);

    /// What a person chooses from; every other is taken when it is found or named.
    pub const OFFERED: [Self; 7] = [
        Self::UTF_8,
        Self::WINDOWS_1252,
        Self::UTF_16LE,
        Self::UTF_16BE,
        Self(encoding_rs::ISO_8859_2),
        Self(encoding_rs::WINDOWS_1250),
        Self(encoding_rs::MACINTOSH),
    ];

    /// By name or label: `utf-8`, `latin1`, `windows-1252`.
    pub fn named(label: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(label.trim().as_bytes()).map(Self)
    }

    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Bytes of this encoding, arriving in pieces, into UTF-8. A byte order mark is text here.
    pub(crate) fn decoder(self) -> encoding_rs::Decoder {
        self.0.new_decoder_without_bom_handling()
    }

    /// Writes text in this encoding; characters that it lacks become `&#…;`.
    pub(crate) fn write(self, out: &mut dyn io::Write, text: &str) -> io::Result<()> {
        let in_bytes = if self == Self::UTF_16LE {
            u16::to_le_bytes
        } else if self == Self::UTF_16BE {
            u16::to_be_bytes
        } else {
            return out.write_all(&self.0.encode(text).0);
        };
        let bytes = text.encode_utf16().flat_map(in_bytes).collect::<Vec<_>>();
        out.write_all(&bytes)
    }

    /// The byte order mark, where there is one.
    pub(crate) fn mark(self) -> &'static str {
        if [Self::UTF_8, Self::UTF_16LE, Self::UTF_16BE].contains(&self) {
            "\u{feff}"
        } else {
            ""
        }
    }

    /// The encoding that a byte order mark names, and the mark's length.
    pub(crate) fn of_bom(head: &[u8]) -> Option<(Self, usize)> {
        encoding_rs::Encoding::for_bom(head).map(|(encoding, length)| (Self(encoding), length))
    }

    /// UTF-16 without a mark: nearly every second byte of a roster's is zero.
    pub(crate) fn of_zeros(head: &[u8]) -> Option<Self> {
        let pairs = head.as_chunks::<2>().0;
        if pairs.len() < 4 {
            return None;
        }
        let first = pairs
            .iter()
            .filter(|pair| pair[0] == 0 && pair[1] != 0)
            .count();
        let second = pairs
            .iter()
            .filter(|pair| pair[1] == 0 && pair[0] != 0)
            .count();
        let most = pairs.len() * 7 / 10;
        let few = pairs.len() / 20;
        if second > most && first <= few {
            Some(Self::UTF_16LE)
        } else if first > most && second <= few {
            Some(Self::UTF_16BE)
        } else {
            None
        }
    }

    /// From all bytes of a file: UTF-8 where they are valid throughout, or with so few errors that
    /// it is a damaged UTF-8 file; else what the accented letters look like.
    pub(crate) fn of_all(
        open: impl Fn() -> io::Result<Box<dyn Read>>,
        watch: &dyn Watch,
    ) -> Result<Self, ReadError> {
        if is_utf8(&mut *open()?, watch)? {
            return Ok(Self::UTF_8);
        }
        guess(&mut *open()?, watch)
    }
}

const BLOCK: usize = 256 << 10;

/// Whether all bytes are valid UTF-8.
fn is_utf8(bytes: &mut dyn Read, watch: &dyn Watch) -> Result<bool, ReadError> {
    let mut block = vec![0; BLOCK];
    let mut kept = 0;
    loop {
        if watch.cancelled() {
            return Err(ReadError::Cancelled);
        }
        let read = bytes.read(&mut block[kept..])?;
        let filled = kept + read;
        match std::str::from_utf8(&block[..filled]) {
            Ok(_) => kept = 0,
            // A character that the next block completes.
            Err(error) if error.error_len().is_none() && read > 0 => {
                block.copy_within(error.valid_up_to()..filled, 0);
                kept = filled - error.valid_up_to();
            }
            Err(_) => return Ok(false),
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// Bytes of lines with other than ASCII that settle the matter many times over: some ten thousand
/// rows. Where accents are rare, all of the file is looked through for them.
const EVIDENCE: usize = 1 << 20;

fn guess(bytes: &mut dyn Read, watch: &dyn Watch) -> Result<Encoding, ReadError> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut characters, mut errors, mut evidence) = (0_usize, 0_usize, 0_usize);
    let mut block = vec![0; BLOCK];
    loop {
        if watch.cancelled() {
            return Err(ReadError::Cancelled);
        }
        let read = bytes.read(&mut block)?;
        if read == 0 || evidence > EVIDENCE {
            break;
        }
        if block[..read].is_ascii() {
            continue;
        }
        for line in block[..read].split_inclusive(|byte| *byte == b'\n') {
            if line.is_ascii() {
                continue;
            }
            for part in line.utf8_chunks() {
                characters += part.valid().bytes().filter(|byte| *byte >= 0xc0).count();
                errors += usize::from(!part.invalid().is_empty());
            }
            evidence += line.len();
            detector.feed(line, false);
        }
    }
    // Two bytes that happen to be one UTF-8 character are rare in other encodings: `Ã` before `§`.
    if characters > errors.saturating_mul(4) {
        return Ok(Encoding::UTF_8);
    }
    detector.feed(b"", true);
    // The languages that Muster speaks are written in Windows-1252; a Brazilian top-level domain
    // makes the detector prefer it unless the letters speak against it.
    let guessed = detector.guess(Some(b"br"), Utf8Detection::Deny);
    Ok(Encoding(guessed))
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Encoding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| serde::de::Error::custom("no such encoding"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Encoding {
        let bytes = bytes.to_vec();
        let open = move || Ok(Box::new(io::Cursor::new(bytes.clone())) as Box<dyn Read>);
        Encoding::of_all(open, &()).unwrap()
    }

    #[test]
    fn utf8_windows_1252_and_a_damaged_utf8() {
        assert_eq!(of(b"nome\nAna\n"), Encoding::UTF_8);
        assert_eq!(of("nome\nConceição\n".as_bytes()), Encoding::UTF_8);
        assert_eq!(of(b"nome\nJo\xe3o\n"), Encoding::WINDOWS_1252);
        assert_eq!(
            of(b"nome;\nConcei\xe7\xe3o;Jos\xe9\n"),
            Encoding::WINDOWS_1252
        );
        let mut damaged = "Conceição\n".repeat(50).into_bytes();
        damaged.extend_from_slice(b"Jo\xe3o\n");
        assert_eq!(of(&damaged), Encoding::UTF_8);
    }

    #[test]
    fn an_accent_far_behind_the_head_counts() {
        let mut bytes = b"nome;cargo\n".to_vec();
        for _ in 0..60_000 {
            bytes.extend_from_slice(b"Ana;Analista\n");
        }
        bytes.extend_from_slice(b"Jo\xe3o;Gestor\n");
        assert_eq!(of(&bytes), Encoding::WINDOWS_1252);
    }

    #[test]
    fn utf16_by_its_zeros() {
        let utf16 = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            Encoding::of_zeros(&utf16("nome\tJoão\n")),
            Some(Encoding::UTF_16LE)
        );
        let mut swapped = utf16("nome\tJoão\n");
        swapped.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
        assert_eq!(Encoding::of_zeros(&swapped), Some(Encoding::UTF_16BE));
        assert_eq!(Encoding::of_zeros(b"nome\tAna\0\n"), None);
    }
}
