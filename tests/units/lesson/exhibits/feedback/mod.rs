mod compute;
