package fake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"golang.org/x/sync/errgroup"
)

// images finds the stored manifests that ids name, if they are not known. An id's
// digest and tag must both match if both are given.
func (w *World) images(in *ecrInput, known map[imageID]manifest) (found map[imageID]manifest, missing []imageID, f *fault) {
	host := Host(in.RegistryID, in.region)
	if w.lookup(host, in.RepositoryName) == nil {
		return nil, nil, noRepository(in.RepositoryName, in.RegistryID)
	}
	found = map[imageID]manifest{}
	for _, id := range in.ImageIDs {
		if m, ok := known[id]; ok {
			found[id] = m
			continue
		}
		m, ok := w.store.manifest(host, in.RepositoryName, cmp.Or(id.Tag, id.Digest))
		if !ok || id.Digest != "" && m.digest() != id.Digest {
			missing = append(missing, id)
			continue
		}
		found[id] = m
	}
	return found, missing, nil
}

func (w *World) describeImages(in *ecrInput) (any, *fault) {
	host := Host(in.RegistryID, in.region)
	tags, known := map[string][]string{}, map[imageID]manifest{}
	for _, t := range w.store.tags(host, in.RepositoryName) {
		if m, ok := w.store.manifest(host, in.RepositoryName, t); ok {
			tags[m.digest()] = append(tags[m.digest()], t)
			known[imageID{Digest: m.digest()}] = m
		}
	}
	if len(in.ImageIDs) == 0 { // all tagged images
		for d := range tags {
			in.ImageIDs = append(in.ImageIDs, imageID{Digest: d})
		}
		slices.SortFunc(in.ImageIDs, func(a, b imageID) int { return cmp.Compare(a.Digest, b.Digest) })
	}
	found, missing, f := w.images(in, known)
	if f != nil {
		return nil, f
	}
	if len(missing) > 0 {
		id, _ := json.Marshal(missing[0])
		return nil, badRequest("ImageNotFoundException",
			"The image with imageId %s does not exist within the repository with name '%s' in the registry with id '%s'",
			id, in.RepositoryName, in.RegistryID)
	}
	details := []any{}
	for _, id := range in.ImageIDs {
		m := found[id]
		details = append(details, map[string]any{
			"registryId":             in.RegistryID,
			"repositoryName":         in.RepositoryName,
			"imageDigest":            m.digest(),
			"imageTags":              tags[m.digest()],
			"imageSizeInBytes":       m.size(),
			"imageManifestMediaType": m.mediaType,
			"imagePushedAt":          float64(m.pushed.Unix()),
		})
	}
	return map[string]any{"imageDetails": details}, nil
}

// batchCheckLayerAvailability is
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html
func (w *World) batchCheckLayerAvailability(in *ecrInput) (any, *fault) {
	host := Host(in.RegistryID, in.region)
	if w.lookup(host, in.RepositoryName) == nil {
		return nil, noRepository(in.RepositoryName, in.RegistryID)
	}
	if n := len(in.LayerDigests); n < 1 || n > 100 {
		return nil, badRequest("InvalidParameterException", "Invalid parameter at 'layerDigests' failed to satisfy constraint: 1 to 100, and not %d", n)
	}
	layers, failures := []any{}, []any{}
	var group errgroup.Group
	group.SetLimit(8) // an upstream is asked for one at a time
	for _, d := range in.LayerDigests {
		if !isDigest(d) {
			failures = append(failures, map[string]any{"layerDigest": d, "failureCode": "InvalidLayerDigest"})
			continue
		}
		layer := map[string]any{"layerDigest": d, "layerAvailability": "UNAVAILABLE"}
		layers = append(layers, layer)
		group.Go(func() error {
			if size, ok := w.store.size(host, in.RepositoryName, d); ok {
				layer["layerAvailability"], layer["layerSize"] = "AVAILABLE", size
			}
			return nil
		})
	}
	_ = group.Wait() // none fails
	return map[string]any{"layers": layers, "failures": failures}, nil
}

func (w *World) batchGetImage(in *ecrInput) (any, *fault) {
	found, missing, f := w.images(in, nil)
	if f != nil {
		return nil, f
	}
	images, failures := []any{}, []any{}
	for _, id := range in.ImageIDs {
		m, ok := found[id]
		if !ok {
			continue
		}
		images = append(images, map[string]any{
			"registryId":             in.RegistryID,
			"repositoryName":         in.RepositoryName,
			"imageId":                imageID{Digest: m.digest(), Tag: id.Tag},
			"imageManifest":          string(m.raw),
			"imageManifestMediaType": m.mediaType,
		})
	}
	for _, id := range missing {
		failures = append(failures, map[string]any{
			"imageId": id, "failureCode": "ImageNotFound", "failureReason": "Requested image not found",
		})
	}
	return map[string]any{"images": images, "failures": failures}, nil
}

// actionOf is the IAM action behind a request to the registry:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
func actionOf(r *http.Request, p place) string {
	write := r.Method != http.MethodGet && r.Method != http.MethodHead
	switch {
	case p.kind == kindManifests && write:
		return "ecr:PutImage"
	case p.kind == kindManifests, p.kind == kindReferrers:
		return "ecr:BatchGetImage"
	case p.kind == kindTags:
		return "ecr:ListImages"
	case p.kind == kindBlobs && r.Method == http.MethodHead:
		return "ecr:BatchCheckLayerAvailability"
	case p.kind == kindBlobs:
		return "ecr:GetDownloadUrlForLayer"
	case r.Method == http.MethodPost:
		return "ecr:InitiateLayerUpload"
	case r.Method == http.MethodPatch:
		return "ecr:UploadLayerPart"
	default:
		return "ecr:CompleteLayerUpload"
	}
}
