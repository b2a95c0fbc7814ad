import "../flag-steps";
import "../offair-transcript";
import "../waveform";
import "../edit/keys";
import "../edit/offair-edit";
