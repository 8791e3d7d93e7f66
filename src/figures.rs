//! Figures as people read them: three significant digits, a unit that does not change under the eye.

/// Stands in place of a figure that cannot be given.
pub const NONE: &str = "–";

/// Decibels, one decimal: "27.3 dB"; an infinite ratio is "exact", one of minus infinity "all lost".
pub fn db(x: f64) -> String {
    match x {
        f64::INFINITY => "exact".to_owned(),
        f64::NEG_INFINITY => "all lost".to_owned(),
        _ => format!("{x:.1} dB"),
    }
}

/// ΔE, a colour difference, two decimals.
pub fn delta_e(x: f64) -> String {
    format!("{x:.2}")
}

/// SSIMULACRA2, one decimal: "85.7", "−14.2"; [`NONE`] where it cannot be measured.
pub fn ssimulacra2(score: Option<f64>) -> String {
    score.map_or_else(|| NONE.to_owned(), |score| format!("{score:.1}").replace('-', "−"))
}

/// A difference as a model of the eye has it, two decimals; [`NONE`] where it cannot be measured.
pub fn eye_difference(difference: Option<f64>) -> String {
    difference.map_or_else(|| NONE.to_owned(), |difference| format!("{difference:.2}"))
}

/// Thousands of bytes, whatever the size, so that two files can be compared at a glance.
pub fn kilobytes(bytes: u64) -> String {
    let kilo = bytes as f64 / 1000.0;
    if kilo < 99.95 { format!("{kilo:.1} kB") } else { format!("{} kB", count(kilo.round() as u64)) }
}

/// What a photo came from: "JPEG, 619 kB", or that there is no file.
pub fn file(format: &str, bytes: u64) -> String {
    if bytes == 0 { format.to_owned() } else { format!("{format}, {}", kilobytes(bytes)) }
}

/// Bits a sample, two decimals, without a unit.
pub fn bits(x: f64) -> String {
    format!("{x:.2}")
}

/// `part` as a share of `whole`: "33.3 %", "0.50 %", "< 0.01 %".
pub fn percent(part: u64, whole: u64) -> String {
    let share = if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 };
    match share {
        s if part > 0 && s < 0.01 => "< 0.01 %".to_owned(),
        s if s < 10.0 => format!("{s:.2} %"),
        s => format!("{s:.1} %"),
    }
}

/// A change in percent: "+90 %", "−3.4 %".
pub fn change(percent: f64) -> String {
    let (sign, size) = if percent < 0.0 { ("−", -percent) } else { ("+", percent) };
    let shown = if size < 9.95 { format!("{size:.1}") } else { count(size.round() as u64) };
    if shown == "0.0" { "±0 %".to_owned() } else { format!("{sign}{shown} %") }
}

/// "4.91 : 1", three significant digits.
pub fn ratio(x: f64) -> String {
    match x {
        x if x < 9.995 => format!("{x:.2} : 1"),
        x if x < 99.95 => format!("{x:.1} : 1"),
        x => format!("{x:.0} : 1"),
    }
}

/// ρ, the relative error.
pub fn rho(x: f64) -> String {
    significant(x)
}

/// "1 colour", "16 colours".
pub fn colours(n: u64) -> String {
    format!("{} colour{}", count(n), if n == 1 { "" } else { "s" })
}

/// Groups of three digits, with thin spaces.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(digit);
    }
    out
}

/// Three significant digits; scientific where that would take too many zeros.
pub fn significant(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".to_owned() } else { format!("{x}") };
    }
    let exponent = x.abs().log10().floor() as i32;
    match exponent {
        -3..=2 => format!("{x:.*}", (2 - exponent).max(0) as usize),
        3..=5 => format!("{x:.0}"),
        _ => format!("{x:.2e}"),
    }
}

/// The dimensions of a tensor: "64 × 172"; "scalar" where there are none.
pub fn shape(shape: &[usize]) -> String {
    if shape.is_empty() {
        return "scalar".to_owned();
    }
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
