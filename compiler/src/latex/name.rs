//! Names as symbols: `alpha` is a Greek letter, `u_max` has a subscript, `length` is upright.

/// Greek and other letters that have a command of their own, with their signs.
const GREEK: [(&str, char); 41] = [
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
    ("epsilon", 'ϵ'),
    ("vartheta", 'ϑ'),
    ("varphi", 'ϕ'),
    ("mu", 'µ'),
    ("hbar", 'ħ'),
    ("ell", 'ℓ'),
    ("partial", '∂'),
];

/// Lowered digits in order.
const LOWERED: &str = "₀₁₂₃₄₅₆₇₈₉";

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
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit() || LOWERED.contains(c));
    name.split_at(base.len())
}

/// A name without subscripts, or one subscript.
fn word(text: &str) -> String {
    let text: String = text.chars().map(plain_digit).collect();
    if let Some((command, _)) = GREEK.iter().find(|(command, _)| *command == text) {
        return format!(r"\{command}");
    }
    // `Δt` is a Greek letter and a Latin one: pdfLaTeX knows the first by its command only.
    let mut pieces: Vec<String> = Vec::new();
    let mut run = String::new();
    for letter in text.chars() {
        match GREEK.iter().find(|(_, sign)| *sign == letter) {
            Some((command, _)) => {
                pieces.extend(Some(std::mem::take(&mut run)).filter(|run| !run.is_empty()));
                pieces.push(format!(r"\{command}"));
            }
            None => run.push(letter),
        }
    }
    pieces.extend(Some(run).filter(|run| !run.is_empty()));
    let pieces = pieces.into_iter().map(|piece| {
        let plain = piece.chars().count() == 1 || piece.chars().all(|c| c.is_ascii_digit());
        if plain || piece.starts_with('\\') {
            piece
        } else {
            format!(r"\mathrm{{{}}}", escaped(&piece))
        }
    });
    let pieces: Vec<String> = pieces.collect();
    pieces.join(" ")
}

/// A lowered digit as a digit.
fn plain_digit(letter: char) -> char {
    LOWERED
        .chars()
        .zip('0'..='9')
        .find(|(lowered, _)| *lowered == letter)
        .map_or(letter, |(_, digit)| digit)
}

/// A label: letters that text does not have are symbols.
pub(super) fn label(name: &str) -> String {
    if name.is_ascii() {
        escaped(name)
    } else {
        format!("${}$", symbol(name))
    }
}

/// The symbol of a unit inside of `\mathrm`.
pub(super) fn upright(unit: &str) -> String {
    let mut text = String::new();
    for letter in escaped(unit).chars() {
        match GREEK.iter().find(|(_, sign)| *sign == letter) {
            Some((command, _)) => text.extend(["\\", command, " "]),
            None if letter == '°' => text.push_str(r"^\circ "),
            None => text.push(letter),
        }
    }
    text.trim_end().to_owned()
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
            ("κ₁", r"\kappa_1"),
            ("Δt", r"\Delta t"),
            ("hbar", r"\hbar"),
        ] {
            assert_eq!(symbol(name), latex);
        }
        assert_eq!(subscripted("u", "x"), "u_x");
        assert_eq!(subscripted("u_1", "xx"), "u_{1,xx}");
    }
}
