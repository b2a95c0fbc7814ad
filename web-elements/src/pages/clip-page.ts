import "../clip-page/offair-clip";
