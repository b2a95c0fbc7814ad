import "./offair-keys";
import "./offair-transcript";
import "./record-times";
