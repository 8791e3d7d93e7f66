//! Where a file goes that can be for a pane of the photo: a palette, or a picture to be compared with the photo.

/// Which pane of the photo a palette is given to, or a picture is compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A palette: the pane that is chosen at the time. A picture is opened.
    Chosen,
    /// The pane at this place: a file was dropped onto it. A picture that cannot be compared is opened.
    Pane(usize),
    /// A palette: the user is asked. A picture is opened.
    Ask,
    /// The pane at this place, for which a picture was asked for. One that cannot be compared is refused.
    Compare(usize),
}
