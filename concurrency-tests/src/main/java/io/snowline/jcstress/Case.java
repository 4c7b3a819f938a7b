package io.snowline.jcstress;

import io.snowline.id.StressedGenerator;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.Outcome;

/** What all cases have in common: the outcomes, and the judging of what the callers got. */
@Outcome(id = Case.APART, expect = Expect.ACCEPTABLE, desc = "one actor after the other")
@Outcome(id = Case.MET, expect = Expect.ACCEPTABLE, desc = "at the same time")
@Outcome(expect = Expect.FORBIDDEN)
public abstract class Case {

    static final String APART = "apart";
    static final String MET = "met";

    /** Judges what callers of a generator got between them, from one window. */
    static String judge(Calls... callers) {
        return judge(1, callers);
    }

    /** Judges what callers of a generator got between them, from a number of windows. */
    static String judge(int windows, Calls... callers) {
        boolean met = false;
        for (Calls calls : callers) {
            String fault = fault(windows, calls);
            if (!fault.isEmpty()) {
                return fault;
            }
            met |= calls.changed() || (callers.length == 1 && calls.cutShort());
            for (Calls other : callers) {
                if (other != calls && calls.shares(other)) {
                    return "an ID twice";
                }
                met |= other != calls && calls.around(other);
            }
        }
        return met ? MET : APART;
    }

    private static String fault(int windows, Calls calls) {
        if (!calls.inOrder()) {
            return "one caller's IDs out of order";
        }
        if (calls.stale()) {
            return "an ID of a tick long gone";
        }
        for (int i = 0; i < calls.count(); i++) {
            int window = StressedGenerator.LAYOUT.node(calls.id(i)) - StressedGenerator.NODE;
            if (window < 0 || window >= windows) {
                return "an ID of another node id";
            }
        }
        return "";
    }

    /** Judges what callers got while the lane was sealed, and the newest position that sealing reported. */
    static String judgeSealed(long newest, int windows, Calls... callers) {
        for (Calls calls : callers) {
            if (!below(newest + 1, calls)) {
                return "an ID above what sealing reported";
            }
        }
        return judge(windows, callers);
    }

    /** Tells whether all positions lie below a window's end. */
    static boolean below(long end, Calls calls) {
        return calls.count() == 0 || StressedGenerator.position(calls.id(calls.count() - 1)) < end;
    }
}
