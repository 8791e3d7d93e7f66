mod dark_photo;
mod outlier;
