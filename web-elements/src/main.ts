import "./offair-keys";
import "./offair-transcript";
