//! `result.json`: the contract for scripts.
//!
//! The keys and their order are stable. A number that is not finite is `null`.

use crate::errors::FieldError;
use crate::train::{GradientCorrelation, Outcome};
use pdec_compiler::hir::Problem;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// What `result.json` says.
#[derive(Clone, Debug, Serialize)]
pub struct RunResult {
    /// The title of the problem, or the name of its file.
    pub problem: String,
    /// The version of `pdec`.
    pub version: String,
    /// The seed of every random number.
    pub seed: u64,
    /// Where it was trained: `cpu`.
    pub device: String,
    /// `f64`.
    pub precision: String,
    /// Trainable parameters of the network of one window.
    pub parameters: usize,
    /// Steps done, over all windows.
    pub steps: usize,
    /// Seconds of training.
    pub seconds: f64,
    /// The error of each field whose truth is known; components of vectors are fields, `v.x`.
    #[serde(serialize_with = "as_map")]
    pub errors: Vec<(String, FieldNorms)>,
    /// An estimate of the relative L2 error of each field, where one was made: never a measured error. The key is left
    /// out where there is none.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub error_estimates: Vec<(String, f64)>,
    /// Root mean square of each residual, by label.
    #[serde(serialize_with = "as_map")]
    pub residuals: Vec<(String, ResidualNorms)>,
    /// The numbers that were sought.
    #[serde(serialize_with = "as_map")]
    pub unknowns: Vec<(String, NumberFound)>,
    /// The unit of each coordinate and field that has one; the key is left out where the file has no units.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<(String, String)>,
    /// The unit of what each statement leaves, by label; the key is left out where there are none.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub residual_units: Vec<(String, String)>,
    /// The largest difference of each field where time windows meet, as a part of its largest value; the key is left out where
    /// there is one window.
    #[serde(serialize_with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub jumps: Vec<(String, f64)>,
    /// How far gradients reach.
    #[serde(serialize_with = "as_correlation")]
    pub gradient_correlation: GradientCorrelation,
    /// What was chosen, and why, where the settings left it open; else the key is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// Why training ended.
    pub stopped: String,
    /// The checksum of the model that it tells of; nothing where no model has been written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// What a reader of the result should know, each a sentence; the key is left out where there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the estimates of errors are, in words, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_estimates_are: Option<String>,
}

/// The error of one field, relative unless it says otherwise.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FieldNorms {
    /// In the L2 norm.
    pub l2: f64,
    /// In the L1 norm.
    pub l1: f64,
    /// In the maximum norm.
    pub max: f64,
    /// Whether the three are relative to the truth; they are absolute where the truth is zero everywhere.
    pub relative: bool,
}

/// A number that was sought.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NumberFound {
    /// Its value, in its unit.
    pub value: f64,
    /// The standard deviation that the noise of the data leaves it; `null` where it is not known, or infinite,
    /// or the solution does not fit the data.
    pub uncertainty: Option<f64>,
}

/// The root mean square of one residual.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ResidualNorms {
    /// On the last training points.
    pub train: f64,
    /// On points that training has not seen.
    pub fresh: f64,
}

impl RunResult {
    /// The result of a run on the CPU.
    #[must_use]
    pub fn new(problem: &str, seed: u64, outcome: &Outcome, errors: &[FieldError]) -> Self {
        Self {
            problem: problem.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            device: "cpu".to_owned(),
            precision: "f64".to_owned(),
            parameters: outcome.solution.network().parameters,
            steps: outcome.steps,
            seconds: outcome.seconds,
            errors: errors
                .iter()
                .map(|error| {
                    let norms = FieldNorms {
                        l2: error.l2,
                        l1: error.l1,
                        max: error.max,
                        relative: error.relative,
                    };
                    (error.field.clone(), norms)
                })
                .collect(),
            error_estimates: outcome.estimates.clone(),
            residuals: outcome
                .residuals
                .iter()
                .map(|summary| {
                    let norms = ResidualNorms {
                        train: summary.train,
                        fresh: summary.fresh,
                    };
                    (summary.label.clone(), norms)
                })
                .collect(),
            unknowns: outcome
                .unknowns
                .iter()
                .map(|number| {
                    let found = NumberFound {
                        value: number.value,
                        uncertainty: number.deviation,
                    };
                    (number.name.clone(), found)
                })
                .collect(),
            units: Vec::new(),
            residual_units: Vec::new(),
            jumps: Vec::new(),
            gradient_correlation: outcome.gradient_correlation,
            choice: outcome.choice.clone(),
            model: String::new(),
            notes: outcome.notes.clone(),
            stopped: outcome.stopped.name().to_owned(),
            error_estimates_are: (!outcome.estimates.is_empty())
                .then(|| outcome.estimated_by.words().to_owned()),
        }
    }

    /// The same with the units of the problem's coordinates, fields and residuals.
    #[must_use]
    pub fn with_units(mut self, problem: &Problem) -> Self {
        let coordinates = problem.coordinates.iter();
        let coordinates = coordinates.map(|(_, it)| (&it.name, &it.unit));
        let fields = problem.fields.iter().map(|(_, it)| (&it.name, &it.unit));
        self.units = coordinates
            .chain(fields)
            .filter_map(|(name, unit)| Some((name.clone(), unit.as_ref()?.text.clone())))
            .collect();
        let units = &problem.residual_units;
        self.residual_units = units.iter().map(|(a, b)| (a.clone(), b.clone())).collect();
        self
    }

    /// The file's text, with a newline at the end.
    ///
    /// # Errors
    ///
    /// None in practice: every part can be written as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}

fn as_map<T: Serialize, S: Serializer>(
    pairs: &[(String, T)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (name, value) in pairs {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

fn as_correlation<S: Serializer>(
    correlation: &GradientCorrelation,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let GradientCorrelation {
        raw,
        cosine,
        offset,
    } = correlation;
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry("raw", raw)?;
    map.serialize_entry("cosine", cosine)?;
    map.serialize_entry("offset", offset)?;
    map.end()
}

#[cfg(test)]
mod tests {
    use super::{FieldNorms, ResidualNorms, RunResult};
    use crate::train::GradientCorrelation;

    #[test]
    fn keys_are_stable_and_in_order() {
        let result = RunResult {
            problem: "Heat".to_owned(),
            version: "0.1.0".to_owned(),
            seed: 7,
            device: "cpu".to_owned(),
            precision: "f64".to_owned(),
            parameters: 10,
            steps: 3,
            seconds: 0.5,
            errors: vec![(
                "u".to_owned(),
                FieldNorms {
                    l2: 1.0,
                    l1: 2.0,
                    max: f64::NAN,
                    relative: true,
                },
            )],
            error_estimates: Vec::new(),
            residuals: vec![(
                "heat".to_owned(),
                ResidualNorms {
                    train: 1.0,
                    fresh: 2.0,
                },
            )],
            unknowns: Vec::new(),
            units: Vec::new(),
            residual_units: Vec::new(),
            jumps: vec![("u".to_owned(), 0.5)],
            gradient_correlation: GradientCorrelation {
                raw: 1.0,
                cosine: 0.5,
                offset: 0.01,
            },
            choice: None,
            model: String::new(),
            notes: Vec::new(),
            error_estimates_are: None,
            stopped: "steps".to_owned(),
        };
        let text: String = result.to_json().unwrap().split_whitespace().collect();
        assert_eq!(
            text,
            "{\"problem\":\"Heat\",\"version\":\"0.1.0\",\"seed\":7,\"device\":\"cpu\",\
             \"precision\":\"f64\",\"parameters\":10,\"steps\":3,\"seconds\":0.5,\
             \"errors\":{\"u\":{\"l2\":1.0,\"l1\":2.0,\"max\":null,\"relative\":true}},\
             \"residuals\":{\"heat\":{\"train\":1.0,\"fresh\":2.0}},\"unknowns\":{},\"jumps\":{\"u\":0.5},\
             \"gradient_correlation\":{\"raw\":1.0,\"cosine\":0.5,\"offset\":0.01},\"stopped\":\"steps\"}"
        );
    }
}
