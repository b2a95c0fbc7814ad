import "./record-times";
