//! Numbers as people read them.

use std::time::Duration;

/// `3.1e-6`
pub fn small(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else {
        format!("{value:.2e}")
    }
}

/// `12,300`
pub fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        let left = digits.len() - position;
        if position > 0 && left.is_multiple_of(3) && digit.is_ascii_digit() {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`
pub fn seconds(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.1} s");
    }
    let whole = value.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// Reads `90`, `60s`, `1.5m`, `2h` as a duration.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || "a time is a number above 0 with its unit, such as 60s, 5m or 2h".to_owned();
    let (digits, scale) = match text.char_indices().next_back() {
        Some((end, 's')) => (&text[..end], 1.0),
        Some((end, 'm')) => (&text[..end], 60.0),
        Some((end, 'h')) => (&text[..end], 3600.0),
        Some(_) | None => (text, 1.0),
    };
    let value: f64 = digits.trim().parse().map_err(|_| wrong())?;
    if value.is_finite() && value > 0.0 {
        Duration::try_from_secs_f64(value * scale).map_err(|_| wrong())
    } else {
        Err(wrong())
    }
}

/// Reads a finite number above zero.
pub fn parse_positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        Ok(_) | Err(_) => Err("this takes a number above 0, such as 1e-4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{grouped, parse_duration, parse_positive, seconds};
    use std::time::Duration;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(999.4), "999");
        assert_eq!(grouped(1_234_567.0), "1,234,567");
        assert_eq!(seconds(0.44), "0.4 s");
        assert_eq!(seconds(200.0), "3 min 20 s");
        assert_eq!(seconds(7500.0), "2 h 5 min");
    }

    #[test]
    fn times_have_units() {
        assert_eq!(parse_duration("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(parse_duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("90"), Ok(Duration::from_secs(90)));
        for wrong in ["", "s", "0s", "-1s", "1d", "inf", "1e300h", "é"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
        assert!(parse_positive("nan").is_err() && parse_positive("1e-4").is_ok());
    }
}
