//! Digests as text.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Lower-case hex digits, two for each byte.
pub(crate) fn of(bytes: &[u8]) -> String {
    let digits = |byte: &u8| {
        [
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 15)],
        ]
    };
    bytes.iter().flat_map(digits).map(char::from).collect()
}
