//! Names as symbols: `alpha` is a Greek letter, `u_max` has a subscript, `length` is upright.

/// Greek letters that have a command of their own, with their signs.
const GREEK: [(&str, char); 34] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
];

/// A name as a symbol.
pub(super) fn symbol(name: &str) -> String {
    subscripted(name, "")
}

/// A name with more subscripts: `u_1` and `xx` give `u_{1,xx}`.
pub(super) fn subscripted(name: &str, more: &str) -> String {
    let (base, own) = split(name);
    let own = own.split('_').filter(|part| !part.is_empty()).map(word);
    let mut subscripts: Vec<String> = own.collect();
    if !more.is_empty() {
        subscripts.push(more.to_owned());
    }
    let base = word(base);
    let subscripts = subscripts.join(",");
    match subscripts.chars().count() {
        0 => base,
        1 => format!("{base}_{subscripts}"),
        _ => format!("{base}_{{{subscripts}}}"),
    }
}

/// `u_max` is `u` with `max`, `k0` is `k` with `0`.
fn split(name: &str) -> (&str, &str) {
    if let Some((base, own)) = name.split_once('_') {
        return (base, own.trim_matches(['{', '}']));
    }
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.split_at(base.len())
}

/// A name without subscripts, or one subscript.
fn word(text: &str) -> String {
    let greek = GREEK
        .iter()
        .find(|(command, sign)| *command == text || text.chars().eq([*sign]));
    if let Some((command, _)) = greek {
        return format!(r"\{command}");
    }
    let plain = text.chars().count() == 1 || text.chars().all(|c| c.is_ascii_digit());
    if plain {
        text.to_owned()
    } else {
        format!(r"\mathrm{{{}}}", escaped(text))
    }
}

/// Text in which no character means anything to LaTeX.
pub(super) fn escaped(text: &str) -> String {
    text.replace('_', r"\_").replace(['{', '}'], "")
}

#[cfg(test)]
mod tests {
    use super::{subscripted, symbol};

    #[test]
    fn names_become_symbols() {
        for (name, latex) in [
            ("u", "u"),
            ("alpha", r"\alpha"),
            ("ρ", r"\rho"),
            ("u_1", "u_1"),
            ("u_max", r"u_{\mathrm{max}}"),
            ("k0", "k_0"),
            ("nu12", r"\nu_{12}"),
            ("length", r"\mathrm{length}"),
            ("φ_τ_1", r"\phi_{\tau,1}"),
        ] {
            assert_eq!(symbol(name), latex);
        }
        assert_eq!(subscripted("u", "x"), "u_x");
        assert_eq!(subscripted("u_1", "xx"), "u_{1,xx}");
    }
}
