//! What the figures of a reduction mean, each in a line for people, and where it misleads.

use crate::engine::metric::EyeError;

pub(crate) const SSIMULACRA2: &str = "How alike the pictures look to a model of the eye: 100 is equal, 90 hardly seen, \
    70 good, 50 fair. Below about 20 it no longer ranks well";
pub(crate) const BUTTERAUGLI: &str = "How different the pictures look to another model of the eye, over all pixels (its \
    3-norm): 0 is equal, below 1 hardly seen. Its maximum is of a single place and says little of the rest";
pub(crate) const AFAR: &str = "Oklab distance × 100, mean over the pixels, once both pictures are blurred as distance \
    does: 2 is just noticed. It is blind to grain, however coarse that looks from near; PSNR from afar too";
pub(crate) const PSNR: &str = "Squared error of the raw pixels in dB: higher is closer. It falls when one dithers, though \
    the picture looks better";
pub(crate) const SSIM: &str = "SSIM compares brightness, contrast and structure around each pixel: 1 is equal. It falls \
    when one dithers, though the picture looks better";
pub(crate) const DELTA_E: &str = "CIEDE2000, the colour difference pixel by pixel, mean: 1 is just visible side by side. \
    It rises when one dithers, though the picture looks better from afar";

/// Why a figure of the eye is missing, before what it means.
pub(crate) fn of_eye(eye: Option<EyeError>, meaning: &str) -> String {
    let least = EyeError::LEAST_SIDE;
    match eye {
        None => format!("Being measured. {meaning}"),
        Some(EyeError { ssimulacra2: None, .. }) => {
            format!("Only for pictures of {least} × {least} pixels and more. {meaning}")
        }
        Some(_) => meaning.to_owned(),
    }
}
