//! From the LaTeX of a problem to HTML with MathML, which browsers typeset without a script.
//!
//! The LaTeX is that of [`pdec_compiler::latex`]: sentences with `$…$`, and one `alignat*` whose rows become those of a
//! table. What cannot be typeset is shown as its LaTeX.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

/// The HTML of a problem.
pub fn html(latex: &str) -> String {
    let mut out = String::new();
    let mut rest = latex;
    while let Some((before, behind)) = rest.split_once("\\begin{alignat*}{2}\n") {
        out.push_str(&sentences(before));
        let (display, after) = behind
            .split_once("\\end{alignat*}\n")
            .unwrap_or((behind, ""));
        out.push_str(&table(display));
        rest = after;
    }
    out.push_str(&sentences(rest));
    out
}

/// Lines of text with mathematics between dollars.
fn sentences(text: &str) -> String {
    let mut out = String::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('%') && !line.trim().is_empty())
    {
        out.push_str("<p>");
        for (number, part) in line.split('$').enumerate() {
            if number % 2 == 0 {
                out.push_str(&escaped(part));
            } else {
                // Fractions in fractions would be too small to read.
                let style = if part.contains("\\frac") {
                    "\\displaystyle "
                } else {
                    ""
                };
                out.push_str(&formula(&format!("{style}{part}"), DisplayMode::Inline));
            }
        }
        out.push_str("</p>\n");
    }
    out
}

/// The rows of a display: left side, right side, where it holds, label.
fn table(display: &str) -> String {
    let mut out = "<table class=\"display\">\n".to_owned();
    for row in display.split(" \\\\\n") {
        let mut row = row.trim().to_owned();
        let mut tag = String::new();
        if let Some((before, behind)) = row.clone().split_once("\\tag{") {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            // Inside of a text LaTeX escapes what it would read.
            tag = name.replace("\\_", "_");
            row = format!("{}{after}", before.trim_end());
        }
        let (equation, place) = match row.split_once("&\\quad&") {
            Some((equation, place)) => (equation.trim(), place.trim()),
            None => (row.as_str(), ""),
        };
        let (left, right) = equation.split_once("&=").unwrap_or((equation, ""));
        let right = if right.is_empty() {
            String::new()
        } else {
            format!("= {right}")
        };
        let cell = |class: &str, latex: &str| {
            let content = if latex.trim().is_empty() {
                String::new()
            } else {
                formula(latex.trim(), DisplayMode::Inline)
            };
            format!("<td class=\"{class}\">{content}</td>")
        };
        let tag = if tag.is_empty() {
            String::new()
        } else {
            format!("({})", escaped(&tag))
        };
        out.push_str(&format!(
            "<tr>{}{}{}<td class=\"tag\">{tag}</td></tr>\n",
            cell("left", left),
            cell("right", &format!("\\displaystyle {right}")),
            cell("place", place)
        ));
    }
    out.push_str("</table>\n");
    out
}

/// A formula in MathML; its LaTeX where it is not understood.
pub fn formula(latex: &str, display_mode: DisplayMode) -> String {
    let storage = Storage::new();
    // The parser stops at the first error; rendering would write it into the page.
    let understood = Parser::new(latex, &storage).all(|event| event.is_ok());
    let mut out = String::new();
    let config = RenderConfig {
        display_mode,
        ..RenderConfig::default()
    };
    let storage = Storage::new();
    let rendered = push_mathml(&mut out, Parser::new(latex, &storage), config);
    if understood && rendered.is_ok() {
        // The library writes blanks by a name, which it escapes in some places.
        out.replace("&amp;nbsp;", "\u{a0}")
            .replace("&nbsp;", "\u{a0}")
    } else {
        format!("<code>{}</code>", escaped(latex))
    }
}

/// Text that HTML does not read as its own.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn a_display_becomes_a_table() {
        let latex = "% Title\nFind $u(x)$ such that\n\\begin{alignat*}{2}\n  u_t + u u_x &= \\nu u_{xx}, \\tag{heat\\_1} \\\\\n  \
                     u &= \\begin{pmatrix} 4 x \\\\ 0 \\end{pmatrix} &\\quad& \\text{at } t = 0,\n\\end{alignat*}\nwhere $\\nu = 1$.\n";
        let html = html(latex);
        assert_eq!(html.matches("<tr>").count(), 2);
        assert!(html.contains("(heat_1)"), "{html}");
        assert!(
            !html.contains("Title") && !html.contains("<code>"),
            "{html}"
        );
        assert!(html.contains("<mtable") && html.contains("<msub"), "{html}");
    }

    #[test]
    fn a_blank_is_a_blank() {
        let html = html("on $x = 0,\\ x = 1 \\text{ and }~y = 0$\n");
        assert!(!html.contains("nbsp"), "{html}");
    }

    #[test]
    fn what_is_not_understood_is_shown() {
        let html = html("see $\\nonsense{x}$ & <b>\n");
        assert!(
            html.contains("<code>\\nonsense{x}</code> &amp; &lt;b&gt;"),
            "{html}"
        );
    }
}
