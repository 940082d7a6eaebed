package dev.ensembled.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records what a watch reports about the pods of one StatefulSet from now on; continues after an outage of the API
 * server.
 */
public final class PodWatch implements AutoCloseable, ResourceEventHandler<Pod> {
    private final List<PodEvent> events = new ArrayList<>();
    private final String statefulSet;
    private final SharedIndexInformer<Pod> informer;

    public PodWatch(KubernetesClient client, String namespace, String statefulSet) {
        this.statefulSet = statefulSet;
        informer = client.pods().inNamespace(namespace).inform(this);
    }

    @Override
    public void onAdd(Pod pod) {
        record(pod, false);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        record(pod, false);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        record(pod, true);
    }

    private synchronized void record(Pod pod, boolean gone) {
        boolean ours = pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(o -> o.getKind().equals("StatefulSet") && o.getName().equals(statefulSet));
        if (ours) {
            events.add(PodEvent.of(Instant.now(), pod, gone));
        }
    }

    /** All reports from this time on, with the last event of each pod before it. */
    public synchronized PodHistory since(Instant start) {
        Map<String, PodEvent> before = new HashMap<>();
        events.stream().filter(e -> e.at().isBefore(start)).forEach(e -> before.put(e.pod(), e));
        return new PodHistory(
                before, events.stream().filter(e -> !e.at().isBefore(start)).toList());
    }

    /** The pods as they are now, by name. */
    public synchronized Map<String, PodEvent> now() {
        Map<String, PodEvent> last = new TreeMap<>();
        events.forEach(e -> last.put(e.pod(), e));
        last.values().removeIf(PodEvent::gone);
        return last;
    }

    /** The addresses of pods that have one, by name. */
    public Map<String, String> addresses() {
        Map<String, String> addresses = new TreeMap<>();
        now().forEach((name, pod) -> addresses.put(name, pod.address()));
        addresses.values().removeIf(String::isEmpty);
        return addresses;
    }

    /** The UIDs of the pods, by name. */
    public Map<String, String> uids() {
        Map<String, String> uids = new TreeMap<>();
        now().forEach((name, pod) -> uids.put(name, pod.uid()));
        return uids;
    }

    @Override
    public void close() {
        informer.close();
    }
}
