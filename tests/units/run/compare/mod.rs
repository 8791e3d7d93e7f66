mod photo;
