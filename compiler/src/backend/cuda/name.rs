//! Identifiers of C from names of the language.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The names in use within a function, or among the functions of a unit.
pub(super) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    pub(super) fn new() -> Self {
        Self {
            taken: BTreeSet::new(),
        }
    }

    /// An identifier like the name, behind the prefix, that is not in use.
    pub(super) fn name(&mut self, prefix: &str, name: &str) -> String {
        let wanted = format!("{prefix}{}", identifier(name));
        let mut candidate = wanted.clone();
        let mut number = 2_usize;
        while is_reserved(&candidate) || !self.taken.insert(candidate.clone()) {
            candidate = format!("{wanted}_{number}");
            number += 1;
        }
        candidate
    }
}

/// A name as it may stand in a comment: no end of line in it, and none that a backslash joins.
pub(super) fn comment(name: &str) -> String {
    let harmful =
        |character: char| character.is_control() || "\\?\u{2028}\u{2029}".contains(character);
    if name.contains(harmful) {
        format!("{name:?}")
    } else {
        name.to_string()
    }
}

/// A legal identifier that reads like the name: `u at t = 0` is `u_at_t_0`, `φ_τ'` is `phi_tau_bar`.
fn identifier(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            text.push(character);
        } else if character == '\'' {
            text.push_str("_bar_");
        } else if let Some(letter) = greek(character) {
            text.push_str(letter);
        } else if character.is_ascii() {
            text.push('_');
        } else {
            let _ = write!(text, "u{:x}", u32::from(character));
        }
    }
    // Identifiers with two underscores in a row belong to the compiler.
    let words: Vec<&str> = text.split('_').filter(|word| !word.is_empty()).collect();
    let text = words.join("_");
    if text.starts_with(|character: char| character.is_ascii_alphabetic()) {
        text
    } else if text.is_empty() {
        "value".to_string()
    } else {
        format!("value_{text}")
    }
}

/// The name of a Greek letter.
fn greek(letter: char) -> Option<&'static str> {
    let found = |(letters, _): &&(&str, &str)| letters.contains(letter);
    GREEK.iter().find(found).map(|(_, name)| *name)
}

/// Small letters, with their variants, and those capitals that are not Latin ones in disguise.
const GREEK: [(&str, &str); 35] = [
    ("α", "alpha"),
    ("β", "beta"),
    ("γ", "gamma"),
    ("δ", "delta"),
    ("εϵ", "epsilon"),
    ("ζ", "zeta"),
    ("η", "eta"),
    ("θϑ", "theta"),
    ("ι", "iota"),
    ("κϰ", "kappa"),
    ("λ", "lambda"),
    ("μµ", "mu"),
    ("ν", "nu"),
    ("ξ", "xi"),
    ("ο", "omicron"),
    ("π", "pi"),
    ("ρϱ", "rho"),
    ("σς", "sigma"),
    ("τ", "tau"),
    ("υ", "upsilon"),
    ("φϕ", "phi"),
    ("χ", "chi"),
    ("ψ", "psi"),
    ("ω", "omega"),
    ("Γ", "Gamma"),
    ("Δ", "Delta"),
    ("Θ", "Theta"),
    ("Λ", "Lambda"),
    ("Ξ", "Xi"),
    ("Π", "Pi"),
    ("Σ", "Sigma"),
    ("Υ", "Upsilon"),
    ("Φ", "Phi"),
    ("Ψ", "Psi"),
    ("Ω", "Omega"),
];

/// Whether a name means something already: in the language, in the text that is printed, or to a
/// preprocessor.
fn is_reserved(name: &str) -> bool {
    let is_value = name
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let mut words = RESERVED.iter().flat_map(|line| line.split(' '));
    is_value || words.any(|word| word == name)
}

const RESERVED: [&str; 14] = [
    // what the text uses
    "lane lanes uniforms size_t blockIdx blockDim threadIdx gridDim warpSize",
    "sin cos tan exp log sqrt tanh sinh cosh atan erf fabs fma pow",
    "sinf cosf tanf expf logf sqrtf tanhf sinhf coshf atanf erff fabsf fmaf powf",
    // macros: no header is included, but a compiler may include some of its own
    "linux unix NULL NAN INFINITY HUGE_VAL EOF errno assert stdin stdout stderr I",
    // keywords of C++20 and C
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t",
    "char32_t class compl concept const consteval constexpr constinit const_cast continue co_await",
    "co_return co_yield decltype default delete do double dynamic_cast else enum explicit export extern",
    "false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr",
    "operator or or_eq private protected public register reinterpret_cast requires restrict return short",
    "signed sizeof static static_assert static_cast struct switch template this thread_local throw true",
    "try typedef typeid typename typeof union unsigned using virtual void volatile wchar_t while xor",
    "xor_eq",
    // types and functions that CUDA declares everywhere
    "half uint ushort ulong clock printf malloc free memcpy memset min max abs",
    "signbit isnan isinf isfinite",
];
