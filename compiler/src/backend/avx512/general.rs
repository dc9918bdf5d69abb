//! Instructions on general registers: addresses, loops, calls.

use super::assembler::{Assembler, General, Memory};

impl Assembler {
    /// An instruction on general registers with its operand in the register or memory of another.
    fn general(&mut self, byte: u8, register: u8, other: General) {
        self.bytes.extend([
            0x48 | (register >> 3) << 2 | other.0 >> 3,
            byte,
            3 << 6 | (register & 7) << 3 | other.0 & 7,
        ]);
    }

    /// `target = source`
    pub fn set(&mut self, target: General, source: General) {
        self.general(0x89, source.0, target);
    }

    /// `target += source`
    pub fn add(&mut self, target: General, source: General) {
        self.general(0x01, source.0, target);
    }

    /// `target += number`
    pub fn add_number(&mut self, target: General, number: i32) {
        self.general(0x81, 0, target);
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// `target = source · number`
    pub fn multiply_number(&mut self, target: General, source: General, number: i32) {
        self.general(0x69, target.0, source);
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// `target <<= bits`
    pub fn shift_left(&mut self, target: General, bits: u8) {
        self.general(0xc1, 4, target);
        self.bytes.push(bits);
    }

    /// `target >>= bits`
    pub fn shift_right(&mut self, target: General, bits: u8) {
        self.general(0xc1, 5, target);
        self.bytes.push(bits);
    }

    /// `target = 0`
    pub fn clear(&mut self, target: General) {
        self.general(0x31, target.0, target);
    }

    /// `target = base[displacement]`
    pub fn load_general(&mut self, target: General, base: General, displacement: i32) {
        let prefix = 0x48 | (target.0 >> 3) << 2 | base.0 >> 3;
        self.bytes.extend([prefix, 0x8b]);
        let memory = Memory::At {
            base,
            index: None,
            displacement,
        };
        self.address(target.0, memory);
    }

    /// Saves a register on the stack.
    pub fn push(&mut self, register: General) {
        self.bytes
            .extend([0x40 | register.0 >> 3, 0x50 | register.0 & 7]);
    }

    /// Takes it back.
    pub fn pop(&mut self, register: General) {
        self.bytes
            .extend([0x40 | register.0 >> 3, 0x58 | register.0 & 7]);
    }

    /// Jumps back while `register < limit`.
    pub fn jump_while_below(&mut self, register: General, limit: General, to: usize) {
        self.general(0x39, limit.0, register);
        self.bytes.extend([0x0f, 0x82]);
        let at = self.bytes.len();
        self.bytes.extend([0; 4]);
        self.write_distance(at, to);
    }

    /// Calls a function; the upper parts of vector registers are cleared first, which code of other kinds wants.
    pub fn call(&mut self, function: u64) {
        self.bytes.extend([0xc5, 0xf8, 0x77, 0x48, 0xb8]);
        self.bytes.extend_from_slice(&function.to_le_bytes());
        self.bytes.extend([0xff, 0xd0]);
    }

    /// Returns.
    pub fn give_back(&mut self) {
        self.bytes.extend([0xc5, 0xf8, 0x77, 0xc3]);
    }
}
