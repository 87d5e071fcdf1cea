# Makes compare.sh's table from limits.tsv and the results.

function median(key,   n, i, j, t, v) {
	n = split(values[key], v, " ")
	for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

# limit gives the limit of a set, a scenario and a measure, "" if there is none.
function limit(set, scenario, what) {
	if ((set, scenario, what) in limits) return limits[set, scenario, what]
	if ((set, "*", what) in limits) return limits[set, "*", what]
	if (("*", scenario, what) in limits) return limits["*", scenario, what]
	return limits["*", "*", what]
}

# cell is a value with its limit, and notes one that is over it.
function cell(row, what, value, format,   most, text) {
	most = limit(set[row], scenario[row], what)
	text = sprintf(format, value)
	if (most == "") return text
	if (value > most * (1 + tolerance)) {
		over = over "\n" set[row] " " scenario[row] ", " what ": " text ", the limit is " most
		text = "**" text "**"
	}
	return text " (" most ")"
}

function max(a, b) { return a > b ? a : b }

FILENAME ~ /limits\.tsv$/ {
	if (!/^#/) limits[$1, $2, $3] = $4
	next
}

{
	key = $1 " " $3
	if (!(key in seen)) { seen[key] = ++rows; set[rows] = $1; scenario[rows] = $3 }
	values[$2 " " key] = values[$2 " " key] " " $4
	stored[$2 " " key] = $5
	if ($2 == "ours") {
		beside[key] = max(beside[key], $5 - $6)
		peak[key] = max(peak[key], $7)
		disk[key] = max(disk[key], $8)
	}
}

END {
	print "| set, scenario | docker, s | crane, s | ours, s | ours / docker | ours / crane | ours, peak MiB | stored, MB: docker | crane | ours | beside the layer, bytes | disk, bytes |"
	print "|---|---|---|---|---|---|---|---|---|---|---|---|"
	for (i = 1; i <= rows; i++) {
		key = set[i] " " scenario[i]
		d = median("docker " key); c = median("crane " key); o = median("ours " key)
		printf "| %s | %.3f | %.3f | %.3f | %s | %s | %s | %.2f | %.2f | %.2f | %s | %s |\n", key, d, c, o,
			cell(i, "docker", o / d, "%.3f"), cell(i, "crane", o / c, "%.3f"), cell(i, "MiB", peak[key] / 1024, "%.1f"),
			stored["docker " key] / 1e6, stored["crane " key] / 1e6, stored["ours " key] / 1e6,
			cell(i, "beside", beside[key], "%d"), cell(i, "disk", disk[key], "%d")
	}
	if (over != "") print "over the limit" (tolerance != "" ? " by more than " tolerance : "") ":" over
	if (over != "" && tolerance != "") exit 1
}
