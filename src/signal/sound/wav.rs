//! WAV files: 16-bit PCM, one channel (RIFF, Microsoft and IBM 1991).

use super::RATE;

/// Samples beyond ±1 are held there.
pub fn file(samples: &[f32]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut out = Vec::with_capacity(44 + bytes as usize);
    out.extend(b"RIFF");
    out.extend((36 + bytes).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    // PCM, one channel.
    out.extend([1u16, 1].map(u16::to_le_bytes).as_flattened());
    out.extend([RATE, RATE * 2].map(u32::to_le_bytes).as_flattened());
    // Bytes a frame, bits a sample.
    out.extend([2u16, 16].map(u16::to_le_bytes).as_flattened());
    out.extend(b"data");
    out.extend(bytes.to_le_bytes());
    out.extend(samples.iter().flat_map(|x| ((x.clamp(-1.0, 1.0) * 32767.0).round() as i16).to_le_bytes()));
    out
}
