package dev.ensembled.git.signature;

/** Ends a check; {@link SignatureCheck} turns it into a verdict. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    RefusedException(Reason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    Verdict.Refused verdict() {
        return new Verdict.Refused(reason, getMessage());
    }
}
