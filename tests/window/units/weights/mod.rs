mod microscope;
mod table;
