//! ListObjectsV2: keys in their order, folded at a delimiter, in pages.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use s3s::dto::{
    CommonPrefix, EncodingType, ListObjectsV2Input, ListObjectsV2Output, Object, ObjectStorageClass,
};
use s3s::{S3Result, s3_error};

use super::objects::{Meta, Objects};

/// S3 gives no more in one page.
const MOST: i32 = 1000;

pub(super) fn list(objects: &Objects, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
    let most = input.max_keys.unwrap_or(MOST);
    if most < 0 {
        return Err(s3_error!(
            InvalidArgument,
            "Argument maxKeys must be an integer between 0 and 2147483647"
        ));
    }
    let most = usize::try_from(most.min(MOST)).unwrap_or_default();
    let prefix = input.prefix.as_deref().unwrap_or_default();
    let delimiter = input.delimiter.as_deref().filter(|text| !text.is_empty());
    let after = match &input.continuation_token {
        Some(token) => read_token(token)?,
        None => input.start_after.clone().unwrap_or_default(),
    };
    let page = Page::gather(objects, prefix, delimiter, after, most);

    let encode = Encode(
        input
            .encoding_type
            .as_ref()
            .is_some_and(|kind| kind.as_str() == EncodingType::URL),
    );
    let count = page.contents.len() + page.prefixes.len();
    let contents: Vec<_> = page
        .contents
        .iter()
        .map(|meta| object(meta, &encode))
        .collect();
    let prefixes: Vec<_> = page
        .prefixes
        .iter()
        .map(|prefix| CommonPrefix {
            prefix: Some(encode.text(prefix)),
        })
        .collect();
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encode.text(prefix)),
        delimiter: input.delimiter.as_deref().map(|text| encode.text(text)),
        start_after: input.start_after.as_deref().map(|text| encode.text(text)),
        max_keys: i32::try_from(most).ok(),
        key_count: i32::try_from(count).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.map(|last| BASE64.encode(last)),
        encoding_type: input.encoding_type,
        contents: Some(contents),
        common_prefixes: Some(prefixes),
        ..ListObjectsV2Output::default()
    })
}

#[derive(Default)]
struct Page {
    contents: Vec<std::sync::Arc<Meta>>,
    prefixes: Vec<String>,
    /// Where the next page begins after, when there is one.
    next: Option<String>,
}

impl Page {
    fn gather(
        objects: &Objects,
        prefix: &str,
        delimiter: Option<&str>,
        mut after: String,
        most: usize,
    ) -> Self {
        let mut page = Self::default();
        if most == 0 {
            return page;
        }
        loop {
            let metas = objects.page(prefix, &after, most + 1);
            let Some(last) = metas.last().map(|meta| meta.key.clone()) else {
                return page;
            };
            for meta in metas {
                if meta.key <= after {
                    // Folded away by the prefix before it.
                    continue;
                }
                if page.contents.len() + page.prefixes.len() == most {
                    page.next = Some(after);
                    return page;
                }
                match folded(&meta.key, prefix, delimiter) {
                    Some(common) => {
                        after = past(&common);
                        page.prefixes.push(common);
                    }
                    None => {
                        after.clone_from(&meta.key);
                        page.contents.push(meta);
                    }
                }
            }
            if after < last {
                after = last;
            }
        }
    }
}

/// The common prefix that stands for a key.
fn folded(key: &str, prefix: &str, delimiter: Option<&str>) -> Option<String> {
    let delimiter = delimiter?;
    let at = key.get(prefix.len()..)?.find(delimiter)?;
    key.get(..prefix.len() + at + delimiter.len())
        .map(str::to_owned)
}

/// After every key that begins with `prefix`.
fn past(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

fn object(meta: &Meta, encode: &Encode) -> Object {
    Object {
        key: Some(encode.text(&meta.key)),
        size: i64::try_from(meta.bytes).ok(),
        e_tag: Some(meta.e_tag()),
        last_modified: Some(std::time::SystemTime::from(meta.modified).into()),
        storage_class: Some(ObjectStorageClass::from_static(
            ObjectStorageClass::STANDARD,
        )),
        ..Object::default()
    }
}

fn read_token(token: &str) -> S3Result<String> {
    let bytes = BASE64.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| {
            s3_error!(
                InvalidArgument,
                "The continuation token provided is incorrect"
            )
        })
}

/// Whether keys are percent-encoded, because XML cannot hold every character.
struct Encode(bool);

impl Encode {
    fn text(&self, text: &str) -> String {
        if !self.0 {
            return text.to_owned();
        }
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect()
    }
}
