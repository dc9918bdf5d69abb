//! Messages of Protocol Buffers, as far as an ONNX file needs them: a field is a number with its kind, then a
//! variable-length integer or bytes with their length.

/// A message in the making.
#[derive(Clone, Debug, Default)]
pub struct Message(Vec<u8>);

impl Message {
    /// Its bytes.
    pub fn bytes(self) -> Vec<u8> {
        self.0
    }

    /// A field that is an integer.
    pub fn integer(mut self, field: u32, value: i64) -> Self {
        self.varint(u64::from(field) << 3);
        self.varint(value.cast_unsigned());
        self
    }

    /// A field that is text, bytes or another message.
    pub fn data(mut self, field: u32, bytes: &[u8]) -> Self {
        self.varint(u64::from(field) << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    /// A field that is a message.
    pub fn message(self, field: u32, message: Self) -> Self {
        self.data(field, &message.0)
    }

    /// A field that is text.
    pub fn text(self, field: u32, text: &str) -> Self {
        self.data(field, text.as_bytes())
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    /// The examples of the encoding's documentation.
    #[test]
    fn fields_are_encoded_as_documented() {
        assert_eq!(
            Message::default().integer(1, 150).bytes(),
            [0x08, 0x96, 0x01]
        );
        assert_eq!(
            Message::default().text(2, "testing").bytes(),
            [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]
        );
        assert_eq!(Message::default().integer(1, -1).bytes().len(), 11);
    }
}
