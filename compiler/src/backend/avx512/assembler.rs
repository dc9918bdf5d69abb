//! Machine instructions of x86-64 with AVX-512, as far as kernels need them.
//!
//! Encodings: Intel, "Intel 64 and IA-32 Architectures Software Developer's Manual", volume 2, 2.7 (EVEX).

use crate::precision::Precision;

/// A general register, by its number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct General(pub u8);

/// A 512-bit register, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide(pub u8);

/// Register of the stack.
pub const STACK: General = General(4);

/// An operand in memory.
#[derive(Clone, Copy)]
pub enum Memory {
    /// `base + index + displacement`
    At {
        /// The base.
        base: General,
        /// The index.
        index: Option<General>,
        /// The displacement.
        displacement: i32,
    },
    /// A number of the pool behind the code.
    Constant(usize),
}

/// The last operand of a vector instruction.
#[derive(Clone, Copy)]
enum Last {
    Register(Wide),
    Memory(Memory),
}

/// Which instruction: its map, its prefix, its byte.
#[derive(Clone, Copy)]
struct Code {
    map: u8,
    prefix: u8,
    byte: u8,
}

/// Instructions with two sources, by the byte of their encoding.
#[derive(Clone, Copy)]
pub enum Arithmetic {
    /// `a + b`
    Add = 0x58,
    /// `a · b`
    Multiply = 0x59,
    /// `a − b`
    Subtract = 0x5c,
    /// `a / b`
    Divide = 0x5e,
}

/// Fused multiply-adds, by the byte of their encoding.
#[derive(Clone, Copy)]
pub enum Fused {
    /// `target = a · target + b`
    IntoFactor = 0xa8,
    /// `target = a · b + target`
    IntoTerm = 0xb8,
}

/// Operations on bits, by the byte of their encoding.
#[derive(Clone, Copy)]
pub enum Bits {
    /// And.
    And = 0xdb,
    /// Exclusive or.
    Xor = 0xef,
}

/// Code under construction.
pub struct Assembler {
    precision: Precision,
    pub(super) bytes: Vec<u8>,
    pool: Vec<u64>,
    /// Where the distance to a number of the pool is to be written.
    fixups: Vec<(usize, usize)>,
}

impl Assembler {
    /// No code.
    pub fn new(precision: Precision) -> Self {
        Self {
            precision,
            bytes: Vec::new(),
            pool: Vec::new(),
            fixups: Vec::new(),
        }
    }

    /// Bytes so far.
    pub fn position(&self) -> usize {
        self.bytes.len()
    }

    /// The finished code, with its numbers behind it.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes
            .resize(self.bytes.len().next_multiple_of(8), 0xcc);
        let pool = self.bytes.len();
        for (at, number) in std::mem::take(&mut self.fixups) {
            self.write_distance(at, pool + 8 * number);
        }
        for number in &self.pool {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.bytes
    }

    /// A number of the pool: the bits of this number.
    #[allow(clippy::cast_possible_truncation)] // single precision is what is asked for
    pub fn number(&mut self, number: f64) -> Memory {
        self.bits(match self.precision {
            Precision::Single => u64::from((number as f32).to_bits()),
            Precision::Double => number.to_bits(),
        })
    }

    /// A number of the pool.
    pub fn bits(&mut self, bits: u64) -> Memory {
        let known = self.pool.iter().position(|other| *other == bits);
        Memory::Constant(known.unwrap_or_else(|| {
            self.pool.push(bits);
            self.pool.len() - 1
        }))
    }

    /// `target = memory`
    pub fn load(&mut self, target: Wide, memory: Memory) {
        let code = self.plain(0x10);
        self.vector(code, target, Wide(0), Last::Memory(memory), 0, false);
    }

    /// `memory = source`
    pub fn store(&mut self, memory: Memory, source: Wide) {
        let code = self.plain(0x11);
        self.vector(code, source, Wide(0), Last::Memory(memory), 0, false);
    }

    /// `target = source`
    pub fn copy(&mut self, target: Wide, source: Wide) {
        let code = self.plain(0x28);
        self.vector(code, target, Wide(0), Last::Register(source), 0, false);
    }

    /// One number in all lanes.
    pub fn broadcast(&mut self, target: Wide, memory: Memory) {
        let byte = match self.precision {
            Precision::Single => 0x18,
            Precision::Double => 0x19,
        };
        let code = Code {
            map: 2,
            prefix: 1,
            byte,
        };
        self.vector(code, target, Wide(0), Last::Memory(memory), 0, false);
    }

    /// `target = a ∘ b`
    pub fn arithmetic(&mut self, operation: Arithmetic, target: Wide, a: Wide, b: Wide) {
        let code = self.plain(operation as u8);
        self.vector(code, target, a, Last::Register(b), 0, false);
    }

    /// `target = √a`
    pub fn square_root(&mut self, target: Wide, a: Wide) {
        let code = self.plain(0x51);
        self.vector(code, target, Wide(0), Last::Register(a), 0, false);
    }

    /// A fused multiply-add into one of its operands.
    pub fn fused(&mut self, operation: Fused, target: Wide, a: Wide, b: Wide) {
        let code = Code {
            map: 2,
            prefix: 1,
            byte: operation as u8,
        };
        self.vector(code, target, a, Last::Register(b), 0, false);
    }

    /// `target = a ∘ mask`, the mask in all lanes.
    pub fn masked(&mut self, operation: Bits, target: Wide, a: Wide, mask: Memory) {
        let code = Code {
            map: 1,
            prefix: 1,
            byte: operation as u8,
        };
        self.vector(code, target, a, Last::Memory(mask), 0, true);
    }

    /// `target = left < right ? less : otherwise`, through mask register 1.
    pub fn select(&mut self, target: Wide, [left, right, less, otherwise]: [Wide; 4]) {
        const LESS_THAN: u8 = 1;
        let compare = self.plain(0xc2);
        self.vector(compare, Wide(1), left, Last::Register(right), 0, false);
        self.bytes.push(LESS_THAN);
        let blend = Code {
            map: 2,
            prefix: 1,
            byte: 0x65,
        };
        self.vector(blend, target, otherwise, Last::Register(less), 1, false);
    }

    /// An instruction of the first map whose prefix says the precision.
    fn plain(&self, byte: u8) -> Code {
        let prefix = match self.precision {
            Precision::Single => 0,
            Precision::Double => 1,
        };
        Code {
            map: 1,
            prefix,
            byte,
        }
    }

    /// An instruction with its EVEX prefix: `register`, `second` and `last` operands, the mask register, and whether
    /// one number of memory stands for all lanes.
    fn vector(
        &mut self,
        code: Code,
        register: Wide,
        second: Wide,
        last: Last,
        mask: u8,
        one: bool,
    ) {
        let not = |number: u8, bit: u8| u8::from(number & (1 << bit) == 0);
        let (index, base) = match last {
            Last::Register(Wide(number)) => (not(number, 4), not(number, 3)),
            Last::Memory(Memory::Constant(_)) => (1, 1),
            Last::Memory(Memory::At { base, index, .. }) => {
                (index.map_or(1, |index| not(index.0, 3)), not(base.0, 3))
            }
        };
        let (register, second) = (register.0, second.0);
        let wide = u8::from(self.precision == Precision::Double);
        self.bytes.extend([
            0x62,
            not(register, 3) << 7 | index << 6 | base << 5 | not(register, 4) << 4 | code.map,
            wide << 7 | (!second & 15) << 3 | 1 << 2 | code.prefix,
            2 << 5 | u8::from(one) << 4 | not(second, 4) << 3 | mask,
            code.byte,
        ]);
        match last {
            Last::Register(Wide(number)) => {
                self.bytes.push(3 << 6 | (register & 7) << 3 | number & 7);
            }
            Last::Memory(memory) => self.address(register, memory),
        }
    }

    /// The bytes that say where an operand is.
    pub(super) fn address(&mut self, register: u8, memory: Memory) {
        let register = (register & 7) << 3;
        match memory {
            Memory::Constant(number) => {
                self.bytes.push(register | 5);
                self.fixups.push((self.bytes.len(), number));
                self.bytes.extend([0; 4]);
            }
            Memory::At {
                base,
                index,
                displacement,
            } => {
                let index = index.map_or(4, |index| index.0 & 7);
                self.bytes
                    .extend([2 << 6 | register | 4, index << 3 | base.0 & 7]);
                self.bytes.extend_from_slice(&displacement.to_le_bytes());
            }
        }
    }

    /// Overwrites the number of an `add_number` that ends here.
    pub fn write_number(&mut self, end: usize, number: i32) {
        self.bytes[end - 4..end].copy_from_slice(&number.to_le_bytes());
    }

    /// Writes the distance from behind `at` to a place in the code.
    #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // code is far below 2^31 bytes
    pub(super) fn write_distance(&mut self, at: usize, to: usize) {
        let distance = to as i64 - (at as i64 + 4);
        self.bytes[at..at + 4].copy_from_slice(&(distance as i32).to_le_bytes());
    }
}
