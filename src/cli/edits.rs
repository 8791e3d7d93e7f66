//! What is done to photos before they are reduced, as it is asked for on the command line.

use clap::Args;

use crate::picture::edits::{Crop, Levels, PhotoEdits, Resize};

#[derive(Args, Debug)]
pub(super) struct EditArguments {
    /// First cut this area out, in pixels from the upper left corner, or the largest of an aspect (16:9) in the middle
    #[arg(long, value_name = "X,Y,WxH|W:H")]
    crop: Option<Crop>,

    /// Before reducing, make these codes black and white, and the middle brighter where GAMMA is above 1
    #[arg(long, value_name = "BLACK,WHITE[,GAMMA]")]
    levels: Option<Levels>,

    /// Before reducing, resize in linear light: 160x144, 800x or x600 (the aspect is kept), 50%
    #[arg(long, value_name = "WxH|Wx|xH|N%")]
    resize: Option<Resize>,

    /// Before reducing, give each block of N by N pixels its mean colour
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..))]
    pixelate: Option<u16>,
}

impl EditArguments {
    pub(super) fn edits(&self) -> PhotoEdits {
        let Self { crop, levels, resize, pixelate } = *self;
        PhotoEdits { crop, levels, resize, pixelate: pixelate.unwrap_or(0) }
    }
}
