//! The pictures of a run folder, in the order in which a report shows them.

use std::fs;
use std::io;
use std::path::Path;

/// A picture with what stands below it.
pub(super) struct Picture {
    pub(super) caption: String,
    pub(super) png: Vec<u8>,
}

impl Picture {
    /// Whether it is higher than wide, so that it needs a page for itself in print.
    pub(super) fn is_tall(&self) -> bool {
        // Width and height stand at the beginning of a PNG file.
        let side = |at: usize| {
            let bytes = self.png.get(at..at + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?))
        };
        side(20) > side(16)
    }
}

/// The pictures of a run: the solution, residuals, the course of training, then whatever else.
pub(super) fn pictures(folder: &Path) -> io::Result<Vec<Picture>> {
    let mut names: Vec<String> = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // `plot.png` is what somebody drew for himself.
        .filter(|name| {
            name.ends_with(".png") && !name.starts_with('.') && !name.starts_with("plot")
        })
        .collect();
    let rank = |name: &str| match name {
        "solution.png" => 0,
        name if name.starts_with("solution") => 1,
        name if name.starts_with("residual") => 2,
        "loss.png" => 3,
        _ => 4,
    };
    names.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    let read = |name: String| {
        Ok(Picture {
            png: fs::read(folder.join(&name))?,
            caption: caption(&name),
        })
    };
    names.into_iter().map(read).collect()
}

/// What somebody needs to know who has not seen such a picture.
fn caption(name: &str) -> String {
    let stem = name.trim_end_matches(".png");
    let parts = "Where the truth is known, its absolute error is shown too, on a logarithmic scale. Lines are cuts at the marked \
                 places, the truth dashed. Grey: not computed.";
    match stem {
        "solution" => format!("The solution. {parts}"),
        "residual" => "Residuals: the absolute value of left minus right side of each equation, on a logarithmic scale. Dark: the equation \
                       holds well."
            .to_owned(),
        "correlation" => "Gradient correlation: how much training at a point changes the solution beside it. 1: neighbours learn together; \
                          0: what is learned at one point does not reach the next."
            .to_owned(),
        "loss" => "The course of training: the loss, the root mean square of each residual and, dashed, the error \
                   where it is known. Numbers above are those of time windows."
            .to_owned(),
        stem => match stem.strip_prefix("solution-") {
            Some(field) => format!("The solution: {field}."),
            None => format!("{}.", stem.replace(['-', '_'], " ")),
        },
    }
}
