//! Texts that nobody would write, made from those that somebody did.
//!
//! A case is a file of the corpus with a few mutations. They know the tokens of the language, so that many cases come
//! past the parser, and some come all the way.

use std::path::{Path, PathBuf};

/// Random numbers, the same for the same seed everywhere (splitmix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers for one case of one seed.
    pub fn new(seed: u64, case: u64) -> Self {
        let mut random = Self(seed);
        Self(random.next() ^ case.wrapping_mul(0x2545_F491_4F6C_DD1D))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 where there is none.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> Option<&'a T> {
        let at = self.below(choices.len());
        choices.get(at).copied()
    }

    /// One time in so many.
    fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// The files that cases are made from.
pub struct Corpus {
    texts: Vec<String>,
    /// The first so many have no mistakes.
    correct: usize,
}

/// Folders of files without mistakes.
const CORRECT: [&str; 7] = [
    "examples",
    "tests/correct",
    "tests/cuda",
    "tests/latex",
    "tests/lowering",
    "tests/stages",
    "src/commands/new/templates",
];
/// No case is longer.
const LONGEST: usize = 64 << 10;

impl Corpus {
    /// Every `.pde` file of the repository, in order of their paths.
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let texts = |folders: &[&str]| -> Vec<String> {
            let mut paths = Vec::new();
            for folder in folders {
                collect(&root.join(folder), &mut paths);
            }
            paths.sort();
            let texts = paths.iter().map(std::fs::read_to_string);
            texts.filter_map(Result::ok).collect()
        };
        let mut correct = texts(&CORRECT);
        let count = correct.len();
        correct.extend(texts(&[
            "tests/errors",
            "tests/format",
            "tests/fuzz/corpus",
        ]));
        Self {
            texts: correct,
            correct: count,
        }
    }

    /// The files of `tests/fuzz/corpus`: seeds that no other test needs, and whatever was found once.
    pub fn kept() -> Vec<PathBuf> {
        let mut paths = Vec::new();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus");
        collect(&folder, &mut paths);
        paths.sort();
        paths
    }

    /// The text of a case.
    pub fn case(&self, seed: u64, number: u64) -> String {
        let mut random = Random::new(seed, number);
        let among = if random.once_in(4) {
            self.texts.len()
        } else {
            self.correct
        };
        let at = random.below(among);
        let mut text = self.texts.get(at).cloned().unwrap_or_default();
        let most = random.below(3);
        for _ in 0..1 + random.below(most + 1) {
            text = self.mutate(text, &mut random);
            let mut end = text.len().min(LONGEST);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
        }
        text
    }

    fn mutate(&self, text: String, random: &mut Random) -> String {
        match random.below(16) {
            0 => flip(text, random),
            1 => insert(text, &unusual(random), random),
            2 => repeat_line(&text, random),
            3 | 4 => self.splice(&text, random),
            _ => {
                let mut tokens: Vec<String> = tokens(&text).map(str::to_owned).collect();
                self.change(&mut tokens, random);
                tokens.concat()
            }
        }
    }

    /// A line of another file among those of this one.
    fn splice(&self, text: &str, random: &mut Random) -> String {
        let other = self.texts.get(random.below(self.texts.len()));
        let lines: Vec<&str> = other.map_or(Vec::new(), |other| other.lines().collect());
        let line = random.pick(&lines).unwrap_or("");
        let mut own: Vec<&str> = text.lines().collect();
        let at = random.below(own.len() + 1);
        if random.once_in(3) && at < own.len() {
            own[at] = line;
        } else {
            own.insert(at, line);
        }
        own.join("\n")
    }

    fn change(&self, tokens: &mut Vec<String>, random: &mut Random) {
        let solid: Vec<usize> = (0..tokens.len())
            .filter(|at| !tokens[*at].trim().is_empty())
            .collect();
        if solid.is_empty() {
            return;
        }
        let at = solid[random.below(solid.len())];
        let token = tokens[at].clone();
        match random.below(10) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, token),
            2 => {
                let other = solid[random.below(solid.len())];
                tokens.swap(at, other);
            }
            3 | 4 => tokens[at] = random.pick(&WORDS).unwrap_or("").to_owned(),
            5 => tokens.insert(at, format!(" {} ", random.pick(&WORDS).unwrap_or(""))),
            6 => {
                let other = self.texts.get(random.below(self.texts.len()));
                let words: Vec<&str> =
                    other.map_or(Vec::new(), |text| self::tokens(text).collect());
                tokens[at] = random.pick(&words).unwrap_or("").to_owned();
            }
            7 => {
                // another name or number of the same file, which is likely to mean something there
                let other = solid[random.below(solid.len())];
                tokens[at] = tokens[other].clone();
            }
            8 => tokens[at] = nested(&token, random),
            _ => tokens[at] = extreme(&token, random),
        }
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "pde") {
            paths.push(path);
        }
    }
}

/// Names, numbers, runs of space, and everything else character by character.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '.' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if class(first) == 2 {
            first.len_utf8()
        } else {
            let other = |c: char| class(c) != class(first);
            rest.find(other).unwrap_or(rest.len())
        };
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

/// A byte with one bit changed; what is no text any more becomes the replacement character.
fn flip(text: String, random: &mut Random) -> String {
    let mut bytes = text.into_bytes();
    let at = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn insert(mut text: String, piece: &str, random: &mut Random) -> String {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    text.insert_str(at, piece);
    text
}

fn unusual(random: &mut Random) -> String {
    const CHARACTERS: [&str; 24] = [
        "\u{0}",
        "\u{7}",
        "\u{1b}[31m",
        "\u{85}",
        "\u{A0}",
        "\u{AD}",
        "\u{300}",
        "\u{200B}",
        "\u{202E}",
        "\u{2028}",
        "\u{FEFF}",
        "\u{FFFD}",
        "\u{10FFFF}",
        "𝒖",
        "ﬁ",
        "ß",
        "İ",
        "Ⅷ",
        "٣",
        "½",
        "²",
        "\r",
        "\r\n",
        "\t",
    ];
    random.pick(&CHARACTERS).unwrap_or("").to_owned()
}

fn repeat_line(text: &str, random: &mut Random) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = random.below(lines.len());
    let count = if random.once_in(8) { 300 } else { 2 };
    let mut repeated = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let times = if number == at { count } else { 1 };
        repeated.extend(std::iter::repeat_n(*line, times));
    }
    repeated.join("\n")
}

/// Brackets around a token, mostly few, sometimes thousands.
fn nested(token: &str, random: &mut Random) -> String {
    const BRACKETS: [(&str, &str); 14] = [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("|", "|"),
        ("-", ""),
        ("sin(", ")"),
        ("d(", ", x)"),
        ("2^", ""),
        ("∇", ""),
        ("∂_x(", ")"),
        ("grad(", ")"),
        ("integral(", ", x)"),
        ("", "²"),
        ("if(", " < 1, 2, 3)"),
    ];
    let (open, close) = BRACKETS[random.below(BRACKETS.len())];
    let depth = match random.below(6) {
        0 => 3000,
        1 => 260,
        _ => 1 + random.below(4),
    };
    format!("{}{token}{}", open.repeat(depth), close.repeat(depth))
}

/// A number too large, a name too long.
fn extreme(token: &str, random: &mut Random) -> String {
    let long = 1 + random.below(5000);
    match random.below(14) {
        0 => "1e308".to_owned(),
        1 => "1e-320".to_owned(),
        2 => "9".repeat(400),
        3 => "1e99999999999".to_owned(),
        4 => format!("0.{}1", "0".repeat(400)),
        5 => "0".to_owned(),
        6 => "-1".to_owned(),
        7 => "4294967296".to_owned(),
        8 => "18446744073709551616".to_owned(),
        9 => format!("{token}{}", "x".repeat(long)),
        10 => format!("{token}_{}", "x".repeat(random.below(12))),
        11 => format!("{token}_{{{}}}", "x ".repeat(random.below(40))),
        12 => format!("{token}.{token}"),
        _ => format!("{token}[{}]", random.below(2000)),
    }
}

/// The words and signs of the language, and what surrounds them.
const WORDS: [&str; 130] = [
    "problem",
    "coord",
    "time",
    "field",
    "let",
    "param",
    "over",
    "unknown",
    "domain",
    "boundary",
    "eq",
    "initial",
    "at",
    "on",
    "periodic",
    "interface",
    "exact",
    "manufactured",
    "reference",
    "observe",
    "minimize",
    "constraint",
    "train",
    "in",
    "from",
    "noise",
    "where",
    "rest",
    "union",
    "intersect",
    "minus",
    "jump",
    "R",
    "C",
    "R^2",
    "R^3",
    "sin",
    "cos",
    "tan",
    "exp",
    "log",
    "sqrt",
    "tanh",
    "sinh",
    "cosh",
    "sech",
    "abs",
    "sign",
    "min",
    "max",
    "if",
    "heaviside",
    "erf",
    "dot",
    "cross",
    "grad",
    "div",
    "curl",
    "laplacian",
    "integral",
    "sum",
    "d",
    "re",
    "im",
    "conj",
    "i",
    "pi",
    "e",
    "n",
    "x",
    "y",
    "t",
    "u",
    "v",
    "w",
    "u_x",
    "u_xx",
    "u_t",
    "u_tt",
    "u_{x t}",
    "u_n",
    "v.x",
    "x[1]",
    "x[i]",
    "∂_t",
    "∂_x",
    "∇",
    "∇·",
    "∇×",
    "∇²",
    "∆",
    "·",
    "×",
    "∪",
    "∩",
    "∖",
    "\\",
    "π",
    "λ",
    "+",
    "-",
    "*",
    "/",
    "^",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    ",",
    ":",
    ".",
    "#",
    "\"",
    "²",
    "⁻¹",
    "0",
    "1",
    "2",
    "0.5",
    "1e-3",
    "[m/s]",
    "[1]",
];
