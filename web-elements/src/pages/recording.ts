import "../flag-steps";
import "../offair-keys";
import "../offair-transcript";
import "../waveform";
import "../word-selection";
