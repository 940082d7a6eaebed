package dev.ensembled.reconciler.spec.validation.pod;

import dev.ensembled.reconciler.spec.yaml.YamlNode;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One container of a pod template.
 *
 * @param path the path of the container, for people
 * @param init whether it is an init container
 */
record PodContainer(Mapping fields, String path, boolean init) {
    /** The name of the server's own container. */
    static final String SERVER = "zookeeper";

    /** All containers in the pod template of a spec. */
    static List<PodContainer> of(Mapping spec) {
        List<PodContainer> containers = new ArrayList<>();
        for (String list : List.of("containers", "initContainers")) {
            List<YamlNode> items = spec.items("podTemplate", "spec", list);
            for (int index = 0; index < items.size(); index++) {
                if (items.get(index) instanceof Mapping fields) {
                    String path = "spec.podTemplate.spec." + list + "[" + index + "]";
                    containers.add(new PodContainer(fields, path, list.equals("initContainers")));
                }
            }
        }
        return containers;
    }

    Optional<Scalar> name() {
        return fields.scalar("name");
    }

    boolean server() {
        return !init && name().filter(name -> name.text().equals(SERVER)).isPresent();
    }

    /** The action for each item of a list. */
    interface Visit {
        void item(Mapping item, String path);
    }

    /** Visits the mappings in a list of this container, with their paths. */
    void each(String list, Visit visit) {
        List<YamlNode> items = fields.items(list);
        for (int index = 0; index < items.size(); index++) {
            if (items.get(index) instanceof Mapping item) {
                visit.item(item, path + "." + list + "[" + index + "]");
            }
        }
    }
}
