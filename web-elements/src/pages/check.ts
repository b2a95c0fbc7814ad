import "../check/offair-check";
