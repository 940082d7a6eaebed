package dev.ensembled.git.pack;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Checks the bytes of a pack as they arrive, in constant memory except for a few numbers per object, and refuses the pack as
 * soon as it is known to exceed a limit: before the reader of the pack sees a size that it would allocate, and before it
 * resolves deltas. All other errors are left to that reader.
 */
final class PackScan {
    private static final String SIGNATURE = "PACK";
    private static final int HEADER = 12;
    private static final int TRAILER = 20;
    private static final int ID = 20;
    private static final int LARGEST_SHIFT = 56;
    private static final int BLOB = 3;
    private static final int OFFSET_DELTA = 6;
    private static final int NAMED_DELTA = 7;

    private final PackLimits limits;
    private final DeltaMemory costs = new DeltaMemory();
    private final Inflater inflater = new Inflater();
    private final byte[] scratch = new byte[16 * 1024];
    private final DeltaHeader delta = new DeltaHeader();
    private State state = State.PACK_HEADER;
    private long position;
    private long left;
    private long start;
    private int inState;
    private int type;
    private long size;
    private int shift;
    private long base;
    private long inflated;

    private enum State {
        PACK_HEADER,
        OBJECT_HEADER,
        BASE_OFFSET,
        BASE_ID,
        DATA,
        TRAILER,
        IGNORED
    }

    PackScan(PackLimits limits) {
        this.limits = limits;
    }

    /** Takes the next bytes of the pack. */
    void accept(byte[] bytes, int from, int length) throws IOException {
        limits.bytes(position + length);
        int at = from;
        int end = from + length;
        while (at < end && state != State.IGNORED) {
            int used = state == State.DATA ? inflate(bytes, at, end - at) : step(bytes[at] & 0xff);
            at += used;
            position += used;
        }
        position += end - at;
    }

    /** Must be called when no more bytes arrive; frees the inflater. */
    void end() {
        inflater.end();
    }

    /** Takes one byte that is not part of the data of an object. */
    private int step(int value) throws IOException {
        switch (state) {
            case PACK_HEADER -> packHeader(value);
            case OBJECT_HEADER -> objectHeader(value);
            case BASE_OFFSET -> baseOffset(value);
            case BASE_ID -> {
                if (++inState == ID) {
                    data();
                }
            }
            default -> {
                if (++inState == TRAILER) {
                    state = State.IGNORED;
                }
            }
        }
        return 1;
    }

    private void packHeader(int value) throws IOException {
        if (inState < SIGNATURE.length() && value != SIGNATURE.charAt(inState)) {
            state = State.IGNORED; // not a pack: the reader reports that
            return;
        }
        inState++;
        if (inState > HEADER - 4) {
            left = (left << 8) | value;
        }
        if (inState == HEADER) {
            limits.objects(left);
            position++; // where the first object begins
            nextObject();
            position--;
        }
    }

    private void nextObject() throws IOException {
        inState = 0;
        state = left == 0 ? State.TRAILER : State.OBJECT_HEADER;
        if (left == 0) {
            long peak = costs.peak();
            limits.memory(peak, costs.largest());
        }
        start = position;
        left--;
    }

    private void objectHeader(int value) throws IOException {
        if (inState++ == 0) {
            type = (value >> 4) & 7;
            size = value & 15;
            shift = 4;
        } else {
            size += (long) (value & 0x7f) << shift;
            shift += 7;
        }
        if ((value & 0x80) != 0) {
            if (shift > LARGEST_SHIFT) {
                throw new IOException("the pack has an object of an invalid size");
            }
            return;
        }
        inState = 0;
        if (type == OFFSET_DELTA) {
            state = State.BASE_OFFSET;
        } else if (type == NAMED_DELTA) {
            state = State.BASE_ID;
        } else {
            if (type != BLOB) {
                limits.tree(size);
            }
            data();
        }
    }

    private void baseOffset(int value) throws IOException {
        base = inState++ == 0 ? value & 0x7f : ((base + 1) << 7) | (value & 0x7f);
        if ((value & 0x80) == 0) {
            data();
        }
    }

    private void data() throws IOException {
        state = State.DATA;
        inflater.reset();
        delta.reset();
        inflated += size;
        limits.inflated(size < 0 ? size : inflated);
    }

    private int inflate(byte[] bytes, int at, int length) throws IOException {
        inflater.setInput(bytes, at, length);
        try {
            int count;
            do {
                count = inflater.inflate(scratch);
                delta.accept(scratch, count);
            } while (count > 0 && inflater.getBytesWritten() <= size);
        } catch (DataFormatException e) {
            state = State.IGNORED; // the reader finds this error too, and reports it
            return length;
        }
        int used = length - inflater.getRemaining();
        if (inflater.finished()) {
            object();
            position += used;
            nextObject();
            position -= used;
        } else if (used == 0 || inflater.getBytesWritten() > size) {
            state = State.IGNORED;
        }
        return used;
    }

    private void object() {
        if (type == OFFSET_DELTA) {
            if (!costs.delta(start, start - base, delta.resultSize(), size)) {
                costs.deltaToNamed(start, delta.baseSize(), delta.resultSize(), size);
            }
        } else if (type == NAMED_DELTA) {
            costs.deltaToNamed(start, delta.baseSize(), delta.resultSize(), size);
        } else {
            costs.whole(start, size);
        }
    }
}
