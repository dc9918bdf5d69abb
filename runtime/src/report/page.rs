//! The page itself.

use super::Material;
use super::math::{escaped, html};
use super::number::number;
use super::pictures::Picture;
use super::tables::{entries, errors, method, residuals, unknowns};
use crate::plot::base64;
use serde_json::Value;

const STYLE: &str = include_str!("style.css");

pub(super) fn page(material: &Material<'_>, pictures: &[Picture]) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<p class=\"lead\">{}</p>\n",
        escaped(&lead(material.result)),
        title = escaped(material.title)
    );
    if let Some(incomplete) = material.incomplete {
        out.push_str(&format!(
            "<p class=\"note\">Not complete: {}.</p>\n",
            escaped(incomplete)
        ));
    }
    for note in notes(material.result) {
        out.push_str(&format!("<p class=\"note\">{}</p>\n", escaped(note)));
    }
    out.push_str("<h2>Problem</h2>\n");
    out.push_str(&html(material.latex));
    out.push_str("<h2>Errors</h2>\n");
    out.push_str(&errors(material.result));
    out.push_str(&unknowns(material.result));
    out.push_str("<h2>Residuals</h2>\n");
    out.push_str(&residuals(material));
    if !pictures.is_empty() {
        out.push_str("<h2>Pictures</h2>\n");
    }
    for picture in pictures {
        out.push_str(&format!(
            "<figure{}><img alt=\"{caption}\" src=\"data:image/png;base64,{}\"><figcaption>{caption}</figcaption></figure>\n",
            if picture.is_tall() { " class=\"tall\"" } else { "" },
            base64(&picture.png),
            caption = escaped(&picture.caption)
        ));
    }
    out.push_str("<h2>How it was found</h2>\n");
    out.push_str(&method(material));
    out.push_str("<h2>To repeat it</h2>\n");
    out.push_str(&repeat(material));
    out.push_str(&format!(
        "<h3>problem.pde</h3>\n<pre>{}</pre>\n",
        escaped(material.problem)
    ));
    out.push_str(&format!(
        "<h3>settings.toml</h3>\n<pre>{}</pre>\n",
        escaped(material.settings)
    ));
    out.push_str(&format!(
        "<footer>Made by pdec {} on {}.</footer>\n</body>\n</html>\n",
        escaped(&text(material.result, "version")),
        escaped(material.machine)
    ));
    out
}

/// What a reader of the result should know.
fn notes(result: &Value) -> impl Iterator<Item = &str> {
    let notes = result.get("notes").and_then(Value::as_array);
    notes.into_iter().flatten().filter_map(Value::as_str)
}

/// How somebody else gets the same.
fn repeat(material: &Material<'_>) -> String {
    let ended_by_clock =
        ["time_limit", "interrupted"].contains(&text(material.result, "stopped").as_str());
    let same = if ended_by_clock {
        "This run was ended by the clock or by hand: another one ends elsewhere"
    } else {
        "On the same kind of processor every number is the same to the last bit, whatever the number of threads"
    };
    let data = if material.problem.contains(" from \"") {
        " Data files that the problem names have to lie where it says."
    } else {
        ""
    };
    format!(
        "<p>Save the two texts below as <code>problem.pde</code> and <code>settings.toml</code>, or take them from the folder of the \
         run, and say</p>\n<pre>pdec train problem.pde --config settings.toml</pre>\n<p>with pdec {}.{data} {same}.</p>\n",
        escaped(&text(material.result, "version"))
    )
}

fn text(result: &Value, key: &str) -> String {
    result
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or("–")
        .to_owned()
}

/// The error and the time in a line.
fn lead(result: &Value) -> String {
    let time = result.get("seconds").and_then(Value::as_f64);
    let time = time.map_or_else(String::new, |it| format!("solved in {it:.1} seconds"));
    let mut parts = Vec::new();
    for (field, norms) in entries(result, "errors") {
        let kind = if norms.get("relative") == Some(&Value::Bool(false)) {
            ""
        } else {
            "relative "
        };
        parts.push(format!(
            "{kind}L2 error of {field} {}",
            number(norms.get("l2"))
        ));
    }
    if parts.is_empty() {
        for (field, estimate) in entries(result, "error_estimates") {
            parts.push(format!(
                "estimated relative L2 error of {field} {}",
                number(Some(estimate))
            ));
        }
    }
    parts.truncate(4);
    parts.push(time);
    parts.retain(|part| !part.is_empty());
    let mut line = parts.join(" · ");
    if let Some(first) = line.get(..1).map(str::to_uppercase) {
        line.replace_range(..1, &first);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::Material;
    use super::super::pictures::Picture;
    use super::page;
    use serde_json::json;

    #[test]
    fn a_page_needs_nothing_else_and_escapes_what_it_is_given() {
        let result = json!({
            "version": "0.1.0", "seconds": 1.5, "steps": 3, "stopped": "converged",
            "errors": {"u": {"l2": 1e-6, "l1": 1e-6, "max": null, "relative": true}},
            "residuals": {"heat<b>": {"train": 1e-5, "fresh": 2e-5}},
        });
        let material = Material {
            title: "A <script>",
            latex: "Find $u(x)$ such that\n\\begin{alignat*}{2}\n  u &= 0.\n\\end{alignat*}\n",
            problem: "# x < y & z\n",
            settings: "",
            result: &result,
            worst: &[],
            machine: "a processor",
            incomplete: Some("the solution ends at t = 0.5"),
        };
        let picture = Picture {
            caption: "loss".to_owned(),
            png: vec![1, 2, 3],
        };
        let page = page(&material, &[picture]);
        assert!(
            !page.contains("<script") && !page.contains("http"),
            "{page}"
        );
        assert!(page.contains("Not complete: the solution ends at t = 0.5."));
        assert!(page.contains("A &lt;script&gt;") && page.contains("x &lt; y &amp; z"));
        assert!(
            page.contains("Relative L2 error of u 1.0 × 10⁻⁶")
                && page.contains("not a finite number")
        );
        assert!(page.contains("data:image/png;base64,AQID") && page.contains("<math"));
    }
}
