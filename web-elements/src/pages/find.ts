import "../find/offair-find";
